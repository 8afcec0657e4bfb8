import { parseDuration } from '../../server/quantities.ts';
import type { Action, Happening, Moment, Scenario, Step, Surprise } from '../scenarios/scenario.ts';
import { matchOf, type Intent, type RunIntent, type StepIntent, type Trigger } from './intent.ts';

/** Virtual time that surprises may add to one run, all of them together. */
export const LONGEST_IN_RUN_MS = 20 * 60_000;

type Cast = Required<Pick<Scenario['cluster'], 'nodes' | 'contexts'>>;

/**
 * Steps of what is wanted, as far as such a cluster can do it: at most one node is down at a time, and none that is alone
 * while something is written; nothing is written without a majority. Ends in a run in calm weather, so that whatever was
 * spoilt shows.
 */
export function playable(intents: readonly StepIntent[], cast: Cast): Step[] {
  const weather = new Weather(cast);
  const steps = intents.flatMap((intent) => (intent.kind === 'run' ? weather.run(intent) : weather.happen(intent)));
  return [...steps, ...weather.clearUp(), { kind: 'run' }];
}

/** What is the matter with a cluster, as steps go by. */
class Weather {
  readonly #cast: Cast;
  /** The node that is down, or may be. */
  #down: string | null = null;
  #hasFaults = false;
  #hasHidden = false;
  readonly #late = new Set<string>();
  /** By context, so many at least: what happens in the midst of a run may not come to pass. */
  readonly #events = new Map<string, number>();

  constructor(cast: Cast) {
    this.#cast = cast;
  }

  happen(intent: Intent): Action[] {
    const happenings = this.#happeningsOf(intent);
    for (const happening of happenings) {
      if (happening.kind !== 'append' || happening.type !== undefined) continue;
      const { context = 'default', transactions, eventsPerTransaction = 1 } = happening;
      this.#events.set(context, (this.#events.get(context) ?? 0) + transactions * eventsPerTransaction);
    }
    return happenings.flatMap((happening) => (happening.kind === 'run-beside' ? [] : [happening]));
  }

  run({ node, surprises }: RunIntent): Step[] {
    const steps: Step[] = [];
    const asked = this.#node(node);
    const name = asked === this.#down ? this.#others(asked)[0] : asked;
    // A cluster of one that is down: it comes up for the run.
    if (name === undefined) steps.push(...this.#bringUp());
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
        possible.push(...this.#happeningsOf(intent));
      }
      return possible.length === 0 ? [] : [{ at: momentOf(at), happens: possible }];
    });
    steps.push({
      kind: 'run',
      ...(name === undefined || name === 'node-1' ? {} : { node: name }),
      ...(surprising.length === 0 ? {} : { surprises: surprising }),
    });
    return steps;
  }

  /** All nodes up and abreast, no faults, every file in reach. */
  clearUp(): Action[] {
    const steps: Action[] = [...this.#bringUp()];
    if (this.#hasFaults) steps.push({ kind: 'clear-faults' });
    if (this.#hasHidden) steps.push({ kind: 'show-segments' });
    for (const node of this.#late) steps.push({ kind: 'delay-replication', node, by: '0s' });
    steps.push({ kind: 'advance', by: '5m' });
    return steps;
  }

  #bringUp(): Action[] {
    const node = this.#down;
    this.#down = null;
    return node === null ? [] : [{ kind: 'start', node }];
  }

  #happeningsOf(intent: Intent): Happening[] {
    const { contexts, nodes } = this.#cast;
    switch (intent.kind) {
      case 'advance':
        return [{ kind: 'advance', by: intent.by }];
      case 'append': {
        if (!this.#hasMajority()) return [];
        const { transactions, eventsPerTransaction } = intent;
        return [
          {
            kind: 'append',
            context: this.#context(intent.context),
            ...(intent.isSnapshot ? { type: 'SNAPSHOT' } : {}),
            transactions,
            ...(intent.isSnapshot ? {} : { eventsPerTransaction }),
          },
        ];
      }
      case 'roll': {
        if (!this.#hasMajority()) return [];
        const store = {
          context: this.#context(intent.context),
          ...(intent.isSnapshot ? ({ type: 'SNAPSHOT' } as const) : {}),
        };
        // A segment without anything in it does not roll.
        return [
          { kind: 'append', ...store, transactions: 1 },
          { kind: 'roll', ...store },
        ];
      }
      case 'clean-log': {
        const groups = ['_admin', ...contexts];
        const node = this.#node(intent.node);
        if (node === this.#down) return [];
        const group = groups[intent.group % groups.length] ?? '_admin';
        return [{ kind: 'clean-log', node, group, olderThan: intent.isAll ? '0s' : '1h' }];
      }
      case 'stop':
      case 'crash': {
        // A node whose file is out of reach would not come up again.
        if (this.#down !== null || this.#hasHidden) return [];
        this.#down = this.#node(intent.node);
        return [{ kind: intent.kind, node: this.#down }];
      }
      case 'start':
        return this.#bringUp();
      case 'lag': {
        if (nodes === 1) return [];
        const node = this.#node(intent.node);
        this.#late.add(node);
        return [{ kind: 'delay-replication', node, by: intent.by }];
      }
      case 'faults':
        this.#hasFaults = true;
        return [{ kind: 'plan-faults', rules: intent.rules }];
      case 'clear-faults':
        return [{ kind: 'clear-faults' }];
      case 'hide-segment': {
        const node = this.#node(intent.node);
        if (node === this.#down) return [];
        this.#hasHidden = true;
        return [{ kind: 'hide-segment', node }];
      }
      case 'show-segments':
        this.#hasHidden = false;
        return [{ kind: 'show-segments' }];
      case 'transform': {
        const context = this.#context(intent.context);
        const events = this.#events.get(context) ?? 0;
        if (!this.#hasMajority() || events === 0) return [];
        const firstToken = intent.from % events;
        return [
          { kind: 'transform', context, firstToken, lastToken: Math.min(firstToken + intent.length, events) - 1 },
        ];
      }
      case 'compact':
        return this.#hasMajority() ? [{ kind: 'compact', context: this.#context(intent.context) }] : [];
      case 'kill-client':
        return [{ kind: 'kill-client' }];
      case 'run-beside':
        return [{ kind: 'run-beside' }];
    }
  }

  #hasMajority(): boolean {
    return this.#down === null || this.#cast.nodes > 2;
  }

  #node(place: number): string {
    return `node-${(place % this.#cast.nodes) + 1}`;
  }

  #others(node: string): string[] {
    return Array.from({ length: this.#cast.nodes }, (_, place) => this.#node(place)).filter((each) => each !== node);
  }

  #context(place: number): string {
    return this.#cast.contexts[place % this.#cast.contexts.length] ?? 'default';
  }
}

function momentOf({ request, nth, isAnswered }: Trigger): Moment {
  const { method, path = '/v1/backup/*', query } = matchOf(request);
  return {
    ...(method === undefined ? {} : { method }),
    path,
    ...(query === undefined ? {} : { query }),
    nth,
    when: isAnswered ? 'is-answered' : 'arrives',
  };
}
