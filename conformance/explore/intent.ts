import * as fc from 'fast-check';
import type { Fault } from '../../server/index.ts';
import type { Moment } from '../scenarios/scenario.ts';

/**
 * What somebody may want to happen, in numbers that fit any cluster: nodes and contexts are counted round. Whether it can
 * happen there and then is for whoever makes a schedule of it (schedule.ts); so an intent stays good while others around it
 * are left out, and shrinking never makes a step that cannot be.
 */
export type Intent =
  | { readonly kind: 'advance'; readonly by: string }
  | {
      readonly kind: 'append';
      readonly context: number;
      readonly isSnapshot: boolean;
      readonly transactions: number;
      readonly eventsPerTransaction: number;
    }
  | { readonly kind: 'roll'; readonly context: number; readonly isSnapshot: boolean }
  | { readonly kind: 'clean-log'; readonly node: number; readonly group: number; readonly isAll: boolean }
  | { readonly kind: 'stop' | 'crash' | 'start'; readonly node: number }
  | { readonly kind: 'lag'; readonly node: number; readonly by: string }
  | { readonly kind: 'stall-apply'; readonly node: number; readonly for: string }
  | { readonly kind: 'faults'; readonly rules: readonly Fault[] }
  | { readonly kind: 'clear-faults' }
  | { readonly kind: 'hide-segment'; readonly node: number }
  | { readonly kind: 'show-segments' }
  | { readonly kind: 'transform'; readonly context: number; readonly from: number; readonly length: number }
  | { readonly kind: 'compact'; readonly context: number }
  | { readonly kind: 'kill-client' }
  | { readonly kind: 'run-beside' };

/** Which request of a run sets something off. */
export interface Trigger {
  readonly request: (typeof requests)[number];
  readonly nth: number;
  readonly isAnswered: boolean;
}

export type RunIntent = {
  readonly kind: 'run';
  readonly node: number;
  /** 0 is the right one. */
  readonly token: number;
  readonly isDiskFull: boolean;
  /** Whether the zip lies where nothing is mounted for the client. */
  readonly isZipUnmounted: boolean;
  /** Trouble that this run meets, and none behind it. */
  readonly faults: readonly Fault[] | null;
  readonly surprises: ReadonlyArray<{ readonly at: Trigger; readonly happens: readonly Intent[] }>;
};

export type StepIntent = Intent | RunIntent;

/** Requests that surprises and faults can meet. */
export const requests = ['post', 'log', 'events', 'snapshots', 'any'] as const;

/** Between runs hours may pass: enough for logs to be cleaned. */
const pauses = ['1s', '10s', '1m', '10m', '40m', '61m', '3h'];
/** In the midst of one it may not: a client could not know of it, since its own clock stands nearly still. See schedule.ts. */
const moments = ['1s', '10s', '1m', '5m'];
const lags = ['30s', '10m', '2h', '0s'];

const place = fc.nat({ max: 6 });
const isSnapshot = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

/** JSON that is no list, and what is no JSON. */
const bodies = ['{}', 'null', '0', '"later"', '{"filenames":{}}', '<html></html>'];

/**
 * Trouble that a client can see: an error, a connection that breaks, an answer that is cut off or is none; and slowness. 404
 * is how an older release answers that has no such endpoint: who goes on with the older one has not overlooked anything.
 */
const trouble: fc.Arbitrary<Fault['do']> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(500, 503, 401).map((status) => ({ status })) },
  { weight: 2, arbitrary: fc.constant<Fault['do']>({ reset: true }) },
  { weight: 2, arbitrary: fc.constantFrom<Fault['do']>({ cut: 'half' }, { cut: 'last-byte' }, { truncateAt: 0 }) },
  { weight: 4, arbitrary: fc.constantFrom(...bodies).map((body) => ({ body })) },
  { weight: 1, arbitrary: fc.constant<Fault['do']>({ delay: '20ms' }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Fault['do']>(
      { delay: '20ms', reset: true },
      { delay: '20ms', cut: 'half' },
      { delay: '20ms', status: 503 },
    ),
  },
);

/** How often trouble strikes; 0 is without end. */
const strikes = fc.constantFrom(1, 1, 2, 0, 0);

const faults: fc.Arbitrary<readonly Fault[]> = fc
  .record({
    request: fc.constantFrom(...requests),
    nth: fc.constantFrom(1, 1, 1, 2, 3),
    do: trouble,
    times: strikes,
  })
  .map(({ request, nth, ...fault }) => matchesOf(request).map((match) => ({ match: { ...match, nth }, ...fault })));

/** A fault looks at values as they are spelt: as the server's constants, as the manual's words, and between the two. */
function matchesOf(request: Trigger['request']): ReadonlyArray<Fault['match']> {
  const match = matchOf(request);
  const { type } = match.query ?? {};
  if (type === undefined) return [match];
  const [first = '', ...rest] = type;
  const spellings = [type, first + rest.join('').toLowerCase(), type.toLowerCase()];
  return spellings.map((spelling) => ({ ...match, query: { ...match.query, type: spelling } }));
}

/** How requests of a kind are told from others. */
export function matchOf(request: Trigger['request']): Pick<Moment, 'method' | 'path' | 'query'> {
  switch (request) {
    case 'post':
      return { method: 'POST', path: '/v1/backup/createControlDbBackup' };
    case 'log':
      return { method: 'GET', path: '/v1/backup/log/filenames' };
    case 'events':
      return { method: 'GET', path: '/v1/backup/*', query: { type: 'EVENT' } };
    case 'snapshots':
      return { method: 'GET', path: '/v1/backup/*', query: { type: 'SNAPSHOT' } };
    case 'any':
      return { path: '/v1/backup/*' };
  }
}

type Arbitraries = Readonly<Record<string, { readonly weight: number; readonly arbitrary: fc.Arbitrary<Intent> }>>;

/** What may happen between runs, by a name, with how often it does beside the others. */
const happenings: Arbitraries = {
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
      rules: fc.array(faults, { minLength: 1, maxLength: 2 }).map((each) => each.flat()),
    }),
  },
  'clear-faults': { weight: 1, arbitrary: fc.constant<Intent>({ kind: 'clear-faults' }) },
  'hide-segment': {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('hide-segment' as const), node: place }),
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
  compact: { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const), context: place }) },
};

/** What may happen in the midst of a run alone. */
const amidst: Arbitraries = {
  'kill-client': { weight: 3, arbitrary: fc.constant<Intent>({ kind: 'kill-client' }) },
  'run-beside': { weight: 2, arbitrary: fc.constant<Intent>({ kind: 'run-beside' }) },
};

/** A kind of what may happen for servers alone that name their files otherwise than they lie. */
export const ZIP_UNMOUNTED = 'zip-unmounted';

/** Kinds of happenings that a schedule can do without. */
export const optionalKinds = [
  ...Object.keys(happenings),
  ...Object.keys(amidst),
  'disk-full',
  ZIP_UNMOUNTED,
  'other-node',
].filter((kind) => kind !== 'append' && kind !== 'advance');

/** By which of the kinds an intent goes. */
export function kindOf({ kind }: Intent): string {
  return kind === 'stop' || kind === 'crash' || kind === 'start' ? 'node-goes-down' : kind;
}

const anyHappening = Object.values(happenings);

const surprise = fc.record({
  at: fc.record({
    request: fc.constantFrom(...requests),
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

const run: fc.Arbitrary<RunIntent> = fc.record({
  kind: fc.constant('run' as const),
  node: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: place }),
  token: fc.constantFrom(0, 0, 0, 1, 2),
  isDiskFull: fc.constantFrom(false, false, false, false, true),
  isZipUnmounted: fc.constantFrom(false, false, false, false, true),
  faults: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: faults }),
  surprises: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(surprise, { minLength: 1, maxLength: 2 }) },
  ),
});

/** One step of a schedule, of any kind. */
export const stepIntent: fc.Arbitrary<StepIntent> = fc.oneof(
  { weight: 16, arbitrary: run },
  ...(anyHappening as ReadonlyArray<{ weight: number; arbitrary: fc.Arbitrary<StepIntent> }>),
);
