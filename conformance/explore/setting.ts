import type { Scenario, Step } from '../scenarios/scenario.ts';
import { becomesDcb, pushBreaksOff, withDcb } from './dcb-setting.ts';
import type { DrawnSetting } from './drawn-setting.ts';
import { tenSeconds, usualSetting, type Setting } from './usual-setting.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

const TOKEN = 'f3b1c9d2-7a54-4e0b-9c1d-52a6e8f70b3c';
const WEAK_TOKEN = '0c4a8e72-91d3-4f6b-8a5e-6d2f7b90c1e4';
const WRONG_TOKEN = 'ffffffff-0000-4000-8000-000000000000';

export function settingOf(drawn: DrawnSetting): Setting {
  const setting = settingInside(drawn);
  const { isAccessControlled, isBelowPath } = drawn;
  return {
    ...setting,
    cluster: {
      ...setting.cluster,
      ...(isBelowPath ? { contextPath: '/axonserver-1' } : {}),
      ...(isAccessControlled ? accessControl(setting) : {}),
    },
    otherTokens: isAccessControlled ? [WEAK_TOKEN, WRONG_TOKEN] : [],
  };
}

/** What a cluster is like for whoever is let in. */
function settingInside({
  nodes,
  contexts,
  rate,
  segmentSizeBytes,
  logSegmentSizeBytes,
  kind,
  dcbContexts,
  runsBefore,
  firstToken,
}: DrawnSetting): Setting {
  const cluster = { rate, segmentSizeBytes, logSegmentSizeBytes };
  const usual = usualSetting(nodes, contexts, cluster);
  const three = usualSetting(3, contexts, cluster);
  switch (kind) {
    case 'usual':
      return usual;
    case 'boundaries-differ':
      return {
        ...three,
        cluster: { ...three.cluster, nodeSegmentSizeBytes: { 'node-2': segmentSizeBytes * 1.5 } },
        emphasis: ['other-node'],
      };
    case 'group-named-otherwise':
      return groupNamedOtherwise(cluster);
    case 'node-without-context':
      return nodeWithoutContext(cluster);
    case 'high-tokens':
      return {
        ...usual,
        cluster: { ...usual.cluster, firstTokens: { default: firstToken } },
        opening: [{ kind: 'append', transactions: 60 }, tenSeconds, { kind: 'run' }],
      };
    case 'memory-mapped':
      return memoryMapped(usual);
    case 'apply-stalls':
      return applyStalls(three);
    case 'node-behind':
      return nodeBehind(three);
    case 'single-events':
      return {
        ...usual,
        cluster: { ...usual.cluster, rate: 0, segmentSizeBytes: 512 },
        mostTransactions: 8,
        payloadBytes: 150,
        isNarrow: true,
      };
    case 'long-copy':
      return longCopy(usualSetting(nodes, contexts, { ...cluster, rate: 0, segmentSizeBytes: 32 * KIB }));
    case 'large-segments': {
      const large = usualSetting(1, ['default'], {
        rate: 0,
        segmentSizeBytes: 3 * MIB,
        logSegmentSizeBytes: MIB,
      });
      return {
        ...large,
        mostTransactions: 40,
        payloadBytes: 45_000,
        fileLimitBytes: 2 * MIB,
        emphasis: ['disk-full'],
        opening: [{ kind: 'append', transactions: 80, payloadBytes: 45_000 }, tenSeconds],
      };
    }
    case 'many-runs':
    case 'two-weeks-of-runs':
      return afterRuns(runsBefore);
    case 'many-files': {
      const many = usualSetting(1, ['default'], { rate: 0, segmentSizeBytes: 256, logSegmentSizeBytes: 64 * KIB });
      return {
        ...many,
        mostTransactions: 5,
        payloadBytes: 10,
        isNarrow: true,
        opening: [
          { kind: 'append', transactions: 340, payloadBytes: 10 },
          { kind: 'advance', by: '8m' },
        ],
      };
    }
    case 'two-storage-roots':
      return { ...usual, cluster: { ...usual.cluster, snapshotStorage: 'snapshots' } };
    case 'temporary-folder-elsewhere':
      return { ...usual, tmpdir: 'other-file-system' };
    case 'dcb':
      return withDcb(usualSetting(nodes, ['default'], {}), cluster, dcbContexts);
    case 'push-breaks-off':
      return pushBreaksOff(usualSetting(1, ['default'], {}), cluster, dcbContexts);
    case 'becomes-dcb':
      return becomesDcb(usualSetting(nodes, ['default'], {}), cluster, dcbContexts);
  }
}

function accessControl({ contexts, dcbContexts = [] }: Setting): Pick<Scenario['cluster'], 'token' | 'tokens'> {
  const roles = ['_admin', ...contexts, ...dcbContexts].map((context) => ({ context, role: 'USE_CONTEXT' as const }));
  return { token: TOKEN, tokens: [{ token: WEAK_TOKEN, roles }] };
}

function afterRuns(count: number): Setting {
  const one = usualSetting(1, ['default'], { rate: 0, segmentSizeBytes: 8 * KIB, logSegmentSizeBytes: 8 * KIB });
  const again: readonly Step[] = [{ kind: 'append', transactions: 40 }, tenSeconds, { kind: 'run' }];
  return { ...one, opening: Array.from({ length: count }, () => again).flat() };
}

/** The log of two contexts goes by a third name. */
function groupNamedOtherwise(cluster: Scenario['cluster']): Setting {
  const usual = usualSetting(3, ['default', 'orders', 'billing'], {});
  const groups = [
    { name: 'default', contexts: ['default'] },
    { name: 'retail', contexts: ['orders', 'billing'] },
  ];
  return {
    ...usual,
    cluster: { ...cluster, groups },
    logs: new Map([...usual.logs.keys()].map((name) => [name, ['_admin', 'default', 'retail']])),
  };
}

/** One context is on one node alone, and so is the majority of its group. */
function nodeWithoutContext(cluster: Scenario['cluster']): Setting {
  const usual = usualSetting(3, ['default', 'orders'], {});
  const members = [{ node: 'node-1' }, { node: 'node-2', role: 'MESSAGING_ONLY' as const }];
  const groups = [
    { name: 'default', contexts: ['default'] },
    { name: 'orders', contexts: ['orders'], members },
  ];
  const logs = [...usual.logs.keys()].map((name) => [
    name,
    name === 'node-1' ? ['_admin', 'default', 'orders'] : ['_admin', 'default'],
  ]);
  return {
    ...usual,
    cluster: { ...cluster, groups },
    logs: new Map(logs as Array<[string, string[]]>),
    mayGoDown: ['node-2', 'node-3'],
    emphasis: ['other-node'],
  };
}

/**
 * Events that take longer to copy than half an hour, and a log that takes no more than some minutes: an older one has been
 * cleaned, and little is written from then on. Nobody could copy a log of half an hour in half an hour.
 */
function longCopy(usual: Setting): Setting {
  return {
    ...usual,
    pace: { copiedBytesPerSecond: 120 },
    mostTransactions: 10,
    opening: [
      { kind: 'append', transactions: 90, payloadBytes: 3000 },
      { kind: 'advance', by: '3h' },
    ],
  };
}

/** What is written to an open file shows in its bytes alone for half a minute. */
function memoryMapped(usual: Setting): Setting {
  const aLittle: readonly Step[] = usual.contexts.flatMap((context): Step[] => [
    { kind: 'append', context, transactions: 3 },
    { kind: 'append', context, transactions: 3, type: 'SNAPSHOT' },
  ]);
  return {
    ...usual,
    cluster: {
      ...usual.cluster,
      rate: 0,
      memoryMappedFiles: true,
      segmentSizeBytes: 64 * KIB,
      logSegmentSizeBytes: 64 * KIB,
    },
    pace: { requestMs: 10 },
    mostTransactions: 5,
    opening: [{ kind: 'advance', by: '1m' }, ...aLittle, { kind: 'run' }, ...aLittle, { kind: 'run' }],
  };
}

/** One node gets its log hours late: what another one has counted as committed is not in it. */
function nodeBehind(usual: Setting): Setting {
  return {
    ...usual,
    opening: [
      { kind: 'append', transactions: 20 },
      tenSeconds,
      { kind: 'delay-replication', node: 'node-2', by: '2h' },
      { kind: 'append', transactions: 60 },
    ],
    emphasis: ['other-node', 'faults'],
  };
}

/** The event store of one node is hundreds of entries behind its log. */
function applyStalls(usual: Setting): Setting {
  return {
    ...usual,
    mayGoDown: [],
    follower: 'node-2',
    opening: [
      { kind: 'append', transactions: 40 },
      { kind: 'stall-apply', node: 'node-2', for: '12h' },
      { kind: 'append', transactions: 310 },
    ],
    emphasis: ['other-node'],
  };
}
