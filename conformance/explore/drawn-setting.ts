import * as fc from 'fast-check';
import { behaviourOf, type Edition, type ServerVersion } from '../../server/index.ts';

const KIB = 1024;

/** What a setting is drawn by. */
export interface DrawnSetting {
  readonly nodes: number;
  readonly contexts: readonly string[];
  readonly rate: number;
  readonly segmentSizeBytes: number;
  readonly logSegmentSizeBytes: number;
  readonly kind: Kind;
  /** Whether every request needs a token. */
  readonly isAccessControlled: boolean;
  /** Whether nodes lie below a path of their host. */
  readonly isBelowPath: boolean;
  /** Of a kind that has any: contexts with a dynamic consistency boundary, of which the first may be a plain one before. */
  readonly dcbContexts: readonly string[];
  /** Good runs that come before anything else; of no kind but those that have some. */
  readonly runsBefore: number;
  readonly firstToken: string;
}

/** Nothing is simpler. */
export const simplestSetting: Omit<DrawnSetting, 'firstToken'> = {
  kind: 'usual',
  nodes: 1,
  contexts: ['default'],
  rate: 0,
  segmentSizeBytes: 8 * KIB,
  logSegmentSizeBytes: 8 * KIB,
  isAccessControlled: false,
  isBelowPath: false,
  dcbContexts: ['billing'],
  runsBefore: 0,
};

/** Ways in which a cluster can be other than usual, each with how often it is beside the others. */
const weights = {
  usual: 20,
  'boundaries-differ': 3,
  'group-named-otherwise': 3,
  'node-without-context': 7,
  'high-tokens': 9,
  'memory-mapped': 4,
  'apply-stalls': 2,
  'node-behind': 6,
  'single-events': 2,
  'long-copy': 3,
  'large-segments': 4,
  'many-runs': 1,
  'two-weeks-of-runs': 2,
  'many-files': 1,
  'two-storage-roots': 2,
  'temporary-folder-elsewhere': 4,
  dcb: 16,
  'becomes-dcb': 8,
  'push-breaks-off': 6,
} as const;
type Kind = keyof typeof weights;
const runsBefore: Partial<Record<Kind, number>> = { 'many-runs': 9, 'two-weeks-of-runs': 15 };
const kinds = Object.keys(weights) as Kind[];

/** What a cluster of one node cannot be like. */
const ofSeveralNodes: ReadonlySet<Kind> = new Set([
  'boundaries-differ',
  'group-named-otherwise',
  'node-without-context',
  'apply-stalls',
  'node-behind',
]);

/** Ways in to a cluster of whichever kind: most are open, and at the root of their host. */
const doors = {
  isAccessControlled: fc.constantFrom(true, false, false, false, false, false),
  isBelowPath: fc.constantFrom(true, false, false, false, false, false),
};

/** Numbers that do not fit somewhere lie a little above each of these: 2^31, ten digits, 2^53. */
const firstTokens = ['2147483590', '9999999940', '9007199254740960'];

/** Of a server that is no member of a cluster there is one node with one context. */
export function settingArbitrary(serverVersion: ServerVersion, edition: Edition): fc.Arbitrary<DrawnSetting> {
  const { hasReplicationGroups, isClustered, hasDcb, migratesToDcb } = behaviourOf(serverVersion, edition);
  const possible = kinds
    .filter((kind) => kind !== 'group-named-otherwise' || hasReplicationGroups)
    .filter((kind) => (kind !== 'dcb' && kind !== 'push-breaks-off') || hasDcb)
    .filter((kind) => kind !== 'becomes-dcb' || migratesToDcb)
    .filter((kind) => isClustered || !ofSeveralNodes.has(kind));
  const drawn = fc.record({
    nodes: isClustered ? fc.constantFrom(1, 3, 3) : fc.constant(1),
    contexts: isClustered
      ? fc.constantFrom(
          ['default'],
          ['default', 'orders'],
          ['default', 'orders & co'],
          ['default', 'my-orders', 'my_orders'],
          ['default', 'orders', 'orders-archive', 'returned-orders'],
        )
      : fc.constant(['default']),
    rate: fc.constantFrom(0, 0, 0.01, 0.03),
    segmentSizeBytes: fc.constantFrom(8 * KIB, 8 * KIB, 8 * KIB, 64 * KIB),
    logSegmentSizeBytes: fc.constantFrom(8 * KIB, 8 * KIB, 8 * KIB, 64 * KIB),
    kind: fc.oneof(...possible.map((kind) => ({ weight: weights[kind], arbitrary: fc.constant(kind) }))),
    ...doors,
    dcbContexts: fc.constantFrom(['billing'], ['billing', 'fraud']),
    firstToken: fc.constantFrom(...firstTokens),
  });
  return drawn.map((setting) => ({ ...setting, runsBefore: runsBefore[setting.kind] ?? 0 }));
}
