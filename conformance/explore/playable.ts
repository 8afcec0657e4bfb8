import { parseDuration } from '../../server/quantities.ts';
import type { Action, Happening, Step, Surprise } from '../scenarios/scenario.ts';
import { appendsToClean, groupsToClean, olderThanRun } from './cleaning-in-run.ts';
import { LONGEST_IN_RUN_MS, quiet, timeAddedBy, type Commotion } from './commotion.ts';
import { onlyOn } from './drawn-faults.ts';
import type { Intent, RunIntent, StepIntent } from './intent.ts';
import { momentOf } from './moment.ts';
import { hiding, killing } from './plain-happenings.ts';
import { nodeAt, otherThan, type Setting } from './usual-setting.ts';

/**
 * Steps of what is wanted, as far as such a cluster can do it: at most one node is down at a time, and none that is alone
 * while something is written; nothing is written without a majority. With a calm end the last thing is a run in good weather,
 * so that whatever was spoilt shows.
 */
export function playable(intents: readonly StepIntent[], setting: Setting, hasCalmEnd: boolean): Step[] {
  const weather = new Weather(setting);
  const steps = intents.flatMap((intent) => (intent.kind === 'run' ? weather.run(intent) : weather.happen(intent)));
  if (hasCalmEnd) return [...setting.opening, ...steps, ...weather.clearUp(), { kind: 'run' }];
  // What comes after the last run shows nowhere.
  const all = [...setting.opening, ...steps];
  return all.slice(0, all.findLastIndex(({ kind }) => kind === 'run') + 1);
}

/** Long enough for the others to elect a leader. */
const election: Action = { kind: 'advance', by: '30s' };

/**
 * What is the matter with a cluster, as steps go by. What happens in the midst of a run may come in another order than it
 * stands there, or not at all: so it can make things worse for what follows, and never better.
 */
class Weather {
  readonly #setting: Setting;
  /** The node that is down, or may be. */
  #down: string | null = null;
  #hasFaults = false;
  #hasHidden = false;
  /** The node that gets its log late or applies it late, or may: one at a time, since two of three are a majority. */
  #slow: string | null = null;
  #isLate = false;
  #stalled: string | null = null;
  /** Contexts that something can be written to. */
  readonly #written: readonly string[];
  /** By context, so many at least. */
  readonly #events = new Map<string, number>();

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#written = [...setting.contexts, ...(setting.dcbContexts ?? [])];
    for (const step of setting.opening) {
      this.#count(step);
      if (step.kind === 'stall-apply') this.#stalled = this.#slow = step.node;
      if (step.kind === 'delay-replication') {
        this.#slow = step.node;
        this.#isLate = true;
      }
    }
  }

  happen(intent: Intent): Action[] {
    const happenings = this.#happeningsOf(intent, quiet);
    for (const happening of happenings) this.#count(happening);
    if (intent.kind === 'start') this.#down = null;
    const isAnother = happenings.some(({ kind }) => kind === 'stop' || kind === 'crash' || kind === 'start');
    if (intent.kind === 'show-segments') this.#hasHidden = false;
    if (intent.kind === 'clear-faults') this.#hasFaults = false;
    const actions = happenings.flatMap((happening) => (happening.kind === 'run-beside' ? [] : [happening]));
    return isAnother ? [...actions, election] : actions;
  }

  run({ node, token, isDiskFull, isZipUnmounted, faults, isOfAskedNodeAlone, surprises }: RunIntent): Step[] {
    const { nodes, otherTokens, fileLimitBytes } = this.#setting;
    const steps: Step[] = [];
    const asked = nodeAt(node, this.#setting);
    const name = asked === this.#down ? otherThan(asked, this.#setting) : asked;
    // A cluster of one that is down: it comes up for the run.
    if (name === undefined) steps.push(...this.#bringUp());
    const commotion = this.#commotionOf(
      name ?? asked,
      surprises.flatMap(({ happens }) => happens),
    );
    let leftMs = LONGEST_IN_RUN_MS;
    let hasRunBeside = false;
    const surprising = surprises.flatMap(({ at, happens }): Surprise[] => {
      const possible: Happening[] = [];
      for (const intent of happens) {
        if (intent.kind === 'run-beside' && hasRunBeside) continue;
        if (intent.kind === 'run-beside') hasRunBeside = true;
        if (intent.kind === 'advance') {
          leftMs -= parseDuration(intent.by);
          if (leftMs < 0) continue;
        }
        possible.push(...this.#happeningsOf(intent, commotion));
      }
      return possible.length === 0 ? [] : [{ at: momentOf(at, possible), happens: possible }];
    });
    this.#down ??= commotion.down;
    this.#slow ??= commotion.slow;
    const otherToken = otherTokens[token - 1];
    for (const append of appendsToClean(surprising, this.#written)) {
      const written = this.happen(append);
      if (written.length > 0) steps.push(...written, { kind: 'advance', by: '61m' });
    }
    if (faults !== null) {
      const rules = isOfAskedNodeAlone && nodes > 1 ? faults.map((rule) => onlyOn(name ?? asked, rule)) : faults;
      steps.push({ kind: 'plan-faults', rules });
    }
    steps.push({
      kind: 'run',
      ...(name === undefined || name === 'node-1' ? {} : { node: name }),
      ...(otherToken === undefined ? {} : { token: otherToken }),
      ...(surprising.length === 0 ? {} : { surprises: surprising }),
      ...(isDiskFull ? { fileLimitBytes } : {}),
      ...(isZipUnmounted ? { unmounted: ['zip' as const] } : {}),
    });
    if (faults !== null) {
      steps.push({ kind: 'clear-faults' });
      this.#hasFaults = false;
    }
    if (commotion.down !== null) steps.push(election);
    return steps;
  }

  /** All nodes up and abreast, no faults, every file in reach. */
  clearUp(): Action[] {
    const steps: Action[] = [...this.#bringUp()];
    if (this.#hasFaults) steps.push({ kind: 'clear-faults' });
    if (this.#hasHidden) steps.push({ kind: 'show-segments' });
    if (this.#slow !== null && this.#isLate) steps.push({ kind: 'delay-replication', node: this.#slow, by: '0s' });
    if (this.#stalled !== null) steps.push({ kind: 'stall-apply', node: this.#stalled, for: '0s' });
    steps.push({ kind: 'advance', by: '5m' });
    return steps;
  }

  #bringUp(): Action[] {
    const node = this.#down;
    this.#down = null;
    return node === null ? [] : [{ kind: 'start', node }, election];
  }

  #count(step: Step | Happening): void {
    if (step.kind !== 'append' || step.type === 'SNAPSHOT') return;
    const { context = 'default', transactions, eventsPerTransaction = 1 } = step;
    this.#events.set(context, (this.#events.get(context) ?? 0) + transactions * eventsPerTransaction);
  }

  #commotionOf(asked: string, intents: readonly Intent[]): Commotion {
    const hidesFiles = intents.some(({ kind }) => kind === 'hide-segment');
    const [down] = intents.flatMap((intent) =>
      intent.kind === 'stop' || intent.kind === 'crash' ? (this.#canGoDown(intent.node) ?? []) : [],
    );
    const [slow] = intents.flatMap((intent) =>
      intent.kind === 'lag' || intent.kind === 'stall-apply' ? (this.#canBeSlow(intent.node) ?? []) : [],
    );
    return {
      asked,
      down: hidesFiles ? null : (down ?? null),
      slow: slow ?? null,
      stalls: intents.some(({ kind }) => kind === 'stall-apply'),
      hidesFiles,
      addedMs: timeAddedBy(intents),
    };
  }

  #happeningsOf(intent: Intent, commotion: Commotion): Happening[] {
    const { nodes, logs, mostTransactions, payloadBytes, cluster } = this.#setting;
    const isDown = (node: string): boolean => node === this.#down || node === commotion.down;
    // What cannot be read cannot be written anew.
    const canRewrite = !this.#hasHidden && !commotion.hidesFiles;
    const slow = this.#slow ?? commotion.slow;
    const isComplete = this.#down === null || (nodes > 2 && (slow === null || slow === this.#down));
    // A leader that applies nothing acknowledges nothing, and who leads is for the cluster to say.
    const isLed = !commotion.stalls && (this.#stalled === null || this.#stalled === this.#setting.follower);
    // Until another leader is elected nobody can write.
    const canWrite = isComplete && isLed && commotion.down === null;
    const payload = payloadBytes === undefined ? {} : { payloadBytes };
    switch (intent.kind) {
      case 'advance':
        return [{ kind: 'advance', by: intent.by }];
      case 'append': {
        if (!canWrite) return [];
        const eventsPerTransaction = this.#setting.isNarrow === true ? 1 : intent.eventsPerTransaction;
        const transactions = Math.min(intent.transactions, mostTransactions);
        const context = this.#written[intent.context % this.#written.length] ?? 'default';
        return intent.isSnapshot && this.#setting.contexts.includes(context)
          ? [{ kind: 'append', context, type: 'SNAPSHOT', transactions, ...payload }]
          : [{ kind: 'append', context, transactions, eventsPerTransaction, ...payload }];
      }
      case 'roll': {
        if (!canWrite) return [];
        const store = {
          context: this.#context(intent.context),
          ...(intent.isSnapshot ? ({ type: 'SNAPSHOT' } as const) : {}),
        };
        // A segment without anything in it does not roll.
        return [
          { kind: 'append', ...store, transactions: 1, ...payload },
          { kind: 'roll', ...store },
        ];
      }
      case 'clean-log': {
        const node = commotion.asked ?? nodeAt(intent.node, this.#setting);
        const groups = groupsToClean(logs.get(node) ?? [], commotion);
        const group = groups[intent.group % groups.length];
        if (isDown(node) || group === undefined) return [];
        if (commotion === quiet) return [{ kind: 'clean-log', node, group, olderThan: intent.isAll ? '0s' : '1h' }];
        // What it applied late, the zip of this run may not count yet, however old the entries are.
        if (commotion.stalls || node === this.#stalled) return [];
        return [
          {
            kind: 'clean-log',
            node,
            group,
            olderThan: intent.isAll ? olderThanRun(commotion, this.#setting.pace) : '1h',
          },
        ];
      }
      case 'stop':
      case 'crash': {
        const node = this.#canGoDown(intent.node);
        const isOther = commotion.down !== null && commotion.down !== node;
        if (node === null || isOther || commotion.hidesFiles) return [];
        if (commotion === quiet) this.#down = node;
        return [{ kind: intent.kind, node }];
      }
      case 'start': {
        const node = this.#down ?? commotion.down;
        return node === null ? [] : [{ kind: 'start', node }];
      }
      case 'lag': {
        const node = this.#beSlow(intent.node, commotion);
        if (node === null) return [];
        this.#isLate = true;
        return [{ kind: 'delay-replication', node, by: intent.by }];
      }
      case 'stall-apply': {
        const node = this.#beSlow(intent.node, commotion);
        if (node === null || isDown(node)) return [];
        this.#stalled = commotion === quiet && intent.for === '0s' ? null : node;
        return [{ kind: 'stall-apply', node, for: intent.for }];
      }
      case 'faults':
        this.#hasFaults = true;
        return [{ kind: 'plan-faults', rules: intent.rules }];
      case 'clear-faults':
        return [{ kind: 'clear-faults' }];
      case 'hide-segment': {
        const node = nodeAt(intent.node, this.#setting);
        if (isDown(node)) return [];
        this.#hasHidden = true;
        return [hiding(node, this.#context(intent.context), intent.isSnapshot)];
      }
      case 'show-segments':
        return this.#hasHidden ? [{ kind: 'show-segments' }] : [];
      case 'transform': {
        const context = this.#context(intent.context);
        const events = this.#events.get(context) ?? 0;
        // Tokens of a store that begins elsewhere may be more than a step can name.
        if (!canWrite || !canRewrite || events === 0 || cluster.firstTokens?.[context] !== undefined) return [];
        const firstToken = intent.from % events;
        return [
          { kind: 'transform', context, firstToken, lastToken: Math.min(firstToken + intent.length, events) - 1 },
        ];
      }
      case 'compact':
        return canWrite && canRewrite ? [{ kind: 'compact', context: this.#context(intent.context) }] : [];
      case 'kill-client':
        return [killing(intent.isAsked)];
      case 'run-beside':
        return [{ kind: 'run-beside' }];
    }
  }

  /** The node that is meant, where it can be done without; null where it cannot, or where one is down already. */
  #canGoDown(place: number): string | null {
    const { mayGoDown } = this.#setting;
    // A node whose file is out of reach would not come up again.
    if (this.#down !== null || this.#hasHidden) return null;
    return mayGoDown[place % mayGoDown.length] ?? null;
  }

  /** The node that is meant, where no other one is slow. */
  #canBeSlow(place: number): string | null {
    const node = nodeAt(place, this.#setting);
    return this.#setting.nodes > 1 && (this.#slow === null || this.#slow === node) ? node : null;
  }

  #beSlow(place: number, commotion: Commotion): string | null {
    const node = this.#canBeSlow(place);
    if (commotion.slow !== null && commotion.slow !== node) return null;
    this.#slow ??= node;
    return node;
  }

  #context(place: number): string {
    const { contexts } = this.#setting;
    return contexts[place % contexts.length] ?? 'default';
  }
}
