import * as fc from 'fast-check';
import { pulled, pushed, type AskedFor } from './asked-for.ts';
import { faultsAt } from './drawn-faults.ts';
import type { Intent, RunIntent, StepIntent } from './intent.ts';

/** Between runs hours may pass: enough for logs to be cleaned. */
const pauses = ['1s', '10s', '1m', '10m', '40m', '61m', '3h'];
/** In the midst of one it may not: a client could not know of it, since its own clock stands nearly still. See schedule.ts. */
const moments = ['1s', '10s', '1m', '5m'];
const lags = ['30s', '10m', '2h', '0s'];

const place = fc.nat({ max: 6 });
const isSnapshot = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

type Surprising = RunIntent['surprises'][number];
type Arbitraries = Readonly<Record<string, { readonly weight: number; readonly arbitrary: fc.Arbitrary<Intent> }>>;

/** What may happen between runs, by a name, with how often it does beside the others. */
const happeningsBetween = (asked: readonly AskedFor[]): Arbitraries => ({
  advance: { weight: 6, arbitrary: fc.constantFrom(...pauses).map((by) => ({ kind: 'advance', by })) },
  append: {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      context: place,
      isSnapshot,
      transactions: fc.constantFrom(1, 5, 30, 60, 120),
      eventsPerTransaction: fc.constantFrom(1, 1, 3),
    }),
  },
  roll: {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('roll' as const), context: place, isSnapshot }),
  },
  'clean-log': {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('clean-log' as const), node: place, group: place, isAll: fc.boolean() }),
  },
  'node-goes-down': {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('stop' as const, 'crash' as const, 'start' as const), node: place }),
  },
  lag: {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('lag' as const), node: place, by: fc.constantFrom(...lags) }),
  },
  'stall-apply': {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stall-apply' as const),
      node: place,
      for: fc.constantFrom('10m', '12h', '0s'),
    }),
  },
  faults: {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('faults' as const),
      rules: fc.array(faultsAt(asked), { minLength: 1, maxLength: 2 }).map((each) => each.flat()),
    }),
  },
  'clear-faults': { weight: 1, arbitrary: fc.constant<Intent>({ kind: 'clear-faults' }) },
  'hide-segment': {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('hide-segment' as const), node: place, context: place, isSnapshot }),
  },
  'show-segments': { weight: 1, arbitrary: fc.constant<Intent>({ kind: 'show-segments' }) },
  transform: {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('transform' as const),
      context: place,
      from: fc.nat({ max: 60 }),
      length: fc.integer({ min: 1, max: 20 }),
    }),
  },
  compact: { weight: 3, arbitrary: fc.record({ kind: fc.constant('compact' as const), context: place }) },
});

/** What may happen in the midst of a run alone. */
const amidst: Arbitraries = {
  'kill-client': {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('kill-client' as const), isAsked: fc.constantFrom(true, false, false) }),
  },
  'run-beside': { weight: 2, arbitrary: fc.constant<Intent>({ kind: 'run-beside' }) },
};

/** A kind of what may happen for servers alone that name their files otherwise than they lie. */
export const ZIP_UNMOUNTED = 'zip-unmounted';

/** Kinds of happenings that a schedule can do without. */
export const optionalKinds = [
  ...Object.keys(happeningsBetween(pulled)),
  ...Object.keys(amidst),
  'disk-full',
  ZIP_UNMOUNTED,
  'other-node',
].filter((kind) => kind !== 'append' && kind !== 'advance');

/** What is to be transformed before a compaction in the midst of a run: without it there is most often nothing to compact. */
const rewritten = fc.record({
  kind: fc.constant('transform' as const),
  from: fc.nat({ max: 200 }),
  length: fc.constantFrom(20, 60),
});

const surpriseAmong = (happenings: Arbitraries, asked: readonly AskedFor[]): fc.Arbitrary<Surprising> =>
  fc.tuple(happeningAmong(happenings, asked), rewritten).map(([{ at, happens }, before]) => ({
    at,
    happens: happens.flatMap((each): Intent[] =>
      each.kind === 'compact' ? [{ ...before, context: each.context }, each] : [each],
    ),
  }));

const happeningAmong = (happenings: Arbitraries, asked: readonly AskedFor[]): fc.Arbitrary<Surprising> =>
  fc.record({
    at: fc.record({
      request: fc.constantFrom(...asked),
      nth: fc.constantFrom(1, 1, 2, 3),
      isAnswered: fc.boolean(),
    }),
    happens: fc.array(
      fc.oneof(
        ...Object.entries(happenings)
          .filter(([kind]) => kind !== 'advance')
          .map(([, each]) => each),
        { weight: 4, arbitrary: fc.constantFrom(...moments).map((by): Intent => ({ kind: 'advance', by })) },
        ...Object.values(amidst),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  });

const runAmong = (happenings: Arbitraries, asked: readonly AskedFor[]): fc.Arbitrary<RunIntent> =>
  fc.record({
    kind: fc.constant('run' as const),
    node: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: place }),
    token: fc.constantFrom(0, 0, 0, 1, 2),
    isDiskFull: fc.constantFrom(false, false, false, false, true),
    isZipUnmounted: fc.constantFrom(false, false, false, false, true),
    faults: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: faultsAt(asked) }),
    isOfAskedNodeAlone: fc.constantFrom(true, true, false),
    surprises: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.array(surpriseAmong(happenings, asked), { minLength: 1, maxLength: 2 }) },
    ),
  });

function stepAmong(asked: readonly AskedFor[]): fc.Arbitrary<StepIntent> {
  const happenings = happeningsBetween(asked);
  return fc.oneof(
    { weight: 16, arbitrary: runAmong(happenings, asked) },
    ...(Object.values(happenings) as ReadonlyArray<{ weight: number; arbitrary: fc.Arbitrary<StepIntent> }>),
  );
}

/** One step of a schedule, of any kind. */
export const stepIntent = stepAmong(pulled);
/** The same where the server writes backups itself: they may meet trouble, too. */
export const stepIntentWithPushes = stepAmong([...pulled, ...pushed]);
