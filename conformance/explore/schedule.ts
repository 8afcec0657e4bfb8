import * as fc from 'fast-check';
import { behaviourOf, type ServerVersion } from '../../server/index.ts';
import { oddityNames } from '../scenarios/oddities.ts';
import type { PlayedWith, Scenario } from '../scenarios/scenario.ts';
import { optionalKinds, stepIntent, stepIntentWithPushes, ZIP_UNMOUNTED } from './drawn-intents.ts';
import { kindOf, type StepIntent } from './intent.ts';
import { playable } from './playable.ts';
import { withoutLog } from './without-log.ts';
import { settingArbitrary, type DrawnSetting } from './drawn-setting.ts';
import { settingOf } from './setting.ts';

/*
 * A schedule is a scenario that chance has written: a cluster, and steps. It promises nothing; whatever rule can be judged is
 * judged.
 *
 * Only what a real cluster can do is in it, and what a client can notice: a forged empty list with status 200 is not. Nor are
 * long jumps of time inside a run, which no clock of the client's would show, and no `Date` header of an answer either, which
 * tells the time of this machine: all of them together stay below LONGEST_IN_RUN_MS, so that a client that goes straight on
 * is within the 30 minutes of the manual.
 *
 * Swarm testing: each schedule has a random part of the kinds of happenings alone, so that rare ones meet often enough.
 */

/** A schedule as it was drawn: every part of it can go or be made simpler, and what is left is still a schedule. */
export interface Draft {
  readonly setting: DrawnSetting;
  readonly oddities: NonNullable<Scenario['oddities']>;
  readonly intents: readonly StepIntent[];
  /** Whether the last thing is a run in good weather. */
  readonly hasCalmEnd: boolean;
}

/** Steps that are drawn; about a third of them is left out again. */
const MOST_STEPS = 18;

/** The draft of a seed: the same for the same seed, version and edition, and with or without a path map, whoever asks. */
export function draftOf(seed: number, serverVersion: ServerVersion, played: PlayedWith = {}): Draft {
  const [draft] = fc.sample(draftArbitrary(serverVersion, played), { seed, numRuns: 1 });
  if (draft === undefined) throw new Error('fast-check has drawn nothing');
  return draft;
}

/** The scenario that a draft comes to. */
export function scenarioOf(id: string, { setting: drawn, oddities, intents, hasCalmEnd }: Draft): Scenario {
  const setting = settingOf(drawn);
  return {
    id,
    title: 'a schedule that chance has written',
    story: '',
    cluster: setting.cluster,
    ...(oddities.length === 0 ? {} : { oddities }),
    ...(setting.pace === undefined ? {} : { pace: setting.pace }),
    ...(setting.tmpdir === undefined ? {} : { tmpdir: setting.tmpdir }),
    steps: playable(intents, setting, hasCalmEnd),
    hazards: [],
    rules: [],
  };
}

/** What releases do behind a root is nothing to be drawn where no client is told another one. */
const anyOddity = fc.subarray(
  oddityNames.filter((name) => name !== 'dot-behind-root'),
  { maxLength: 1 },
);

function draftArbitrary(
  serverVersion: ServerVersion,
  { edition = 'enterprise', isPathMapped = false }: PlayedWith,
): fc.Arbitrary<Draft> {
  const { hasSegmentVersions, hasLogListing } = behaviourOf(serverVersion, edition);
  const kindsThere = optionalKinds
    .filter((kind) => hasSegmentVersions || (kind !== 'transform' && kind !== 'compact'))
    .filter((kind) => isPathMapped || kind !== ZIP_UNMOUNTED);
  const drawn = settingArbitrary(serverVersion, edition).chain((setting) =>
    fc.record({
      setting: fc.constant(setting),
      kinds: fc.subarray(kindsThere),
      oddities: isPathMapped ? fc.oneof(anyOddity, fc.constant(['dot-behind-root' as const])) : anyOddity,
      intents: fc.array(hasPushes(setting) ? stepIntentWithPushes : stepIntent, { maxLength: MOST_STEPS, size: 'max' }),
    }),
  );
  // By usage fast-check prefers small values in its first runs, and each seed is a first run.
  return fc.noBias(drawn).map(({ setting, kinds, oddities, intents }) => ({
    setting,
    oddities,
    intents: onlyOf([...kinds, ...settingOf(setting).emphasis], hasLogListing ? intents : withoutLog(intents)),
    hasCalmEnd: true,
  }));
}

function hasPushes(setting: DrawnSetting): boolean {
  return settingOf(setting).dcbContexts !== undefined;
}

/** What is of these kinds, or of those that no schedule can do without. */
function onlyOf(kinds: readonly string[], intents: readonly StepIntent[]): StepIntent[] {
  const isThere = (kind: string): boolean => kinds.includes(kind) || !optionalKinds.includes(kind);
  return intents.flatMap((intent): StepIntent[] => {
    if (intent.kind !== 'run') return isThere(kindOf(intent)) ? [intent] : [];
    const surprises = intent.surprises.flatMap(({ at, happens }) => {
      const left = happens.filter((each) => isThere(kindOf(each)));
      return left.length === 0 ? [] : [{ at, happens: left }];
    });
    return [
      {
        ...intent,
        surprises,
        node: isThere('other-node') ? intent.node : 0,
        faults: isThere('faults') ? intent.faults : null,
        isDiskFull: intent.isDiskFull && isThere('disk-full'),
        isZipUnmounted: intent.isZipUnmounted && isThere(ZIP_UNMOUNTED),
      },
    ];
  });
}
