import { expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import type { Surroundings } from '../../../conformance/check/selection/surroundings.ts';
import type { ClientDriver } from '../../../conformance/driver/client-driver.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import type { ServerVersion } from '../../../server/index.ts';
import { driverOf } from '../../support/fixture-client.ts';
import { starterDriver } from '../../support/starter-client.ts';
import { inProcess } from '../../support/reference-in-process.ts';

/* What the house has found by exploring itself, each as the shortest schedule that showed it. */

/** No other node holds the events of orders. */
const ordersOnNode1: NonNullable<Scenario['cluster']['groups']> = [
  { name: 'default', contexts: ['default'] },
  { name: 'orders', contexts: ['orders'], members: [{ node: 'node-1' }, { node: 'node-2', role: 'MESSAGING_ONLY' }] },
];

/** The rules that fail, and the runs in the order in which they ended, where the reference client plays these steps. */
async function play(
  schedule: Pick<Scenario, 'cluster' | 'steps' | 'oddities' | 'pace'>,
  serverVersion: ServerVersion = 'documented',
  { driver = new FunctionDriver(inProcess()), ...surroundings }: Surroundings & { readonly driver?: ClientDriver } = {},
): Promise<{ failed: string[]; runs: number[] }> {
  const scenario = { id: 'found/by-exploring', title: '', story: '', hazards: [], rules: [], ...schedule };
  const { scenarios } = await runConformance({
    ...surroundings,
    driver,
    scenarios: [scenario],
    serverVersion,
    jobs: 1,
    keepsFailures: false,
  });
  expect(scenarios.map(({ message }) => message)).toEqual([null]);
  return {
    failed: scenarios.flatMap(({ rules }) => rules.flatMap(({ id, status }) => (status === 'fail' ? [id] : []))),
    runs: scenarios.flatMap(({ runs }) => runs.map(({ run }) => run)),
  };
}

/**
 * A follower that gets its log late was backed up, and what the others had acknowledged meanwhile was held against the client
 * as lost: no client can tell from a node that it is behind, and nothing of what it lacks could be had from it.
 */
test('what the node that is backed up has not got yet is not held against the client', async () => {
  const { failed } = await play({
    cluster: { rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
    steps: [
      { kind: 'append', transactions: 20 },
      { kind: 'advance', by: '1m' },
      { kind: 'delay-replication', node: 'node-2', by: '30m' },
      { kind: 'append', transactions: 20 },
      { kind: 'run', node: 'node-2' },
    ],
  });
  expect(failed).toEqual([]);
});

/**
 * A client was killed, and another run began behind that, while the request of the dead one was still held. Nobody waited for
 * it: the next step came, the requests of the two were taken for one another's, and a good run was failed for no POST.
 */
test('a run beside one that is killed is over before anything else happens', async () => {
  const { failed, runs } = await play({
    cluster: { nodes: 1, rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
    steps: [
      { kind: 'append', transactions: 20 },
      {
        kind: 'run',
        surprises: [
          {
            at: { method: 'POST', path: '/v1/backup/createControlDbBackup', when: 'arrives' },
            happens: [{ kind: 'kill-client' }, { kind: 'run-beside' }],
          },
        ],
      },
      { kind: 'run' },
    ],
  });
  expect(runs).toEqual([1, 2, 3]);
  expect(failed).toEqual([]);
});

/**
 * A list left a closing segment out of which the backup had a copy from the run before, when it was the open one: what was
 * missing from that copy was held against the run, since the segment had a name in the backup.
 */
test('an older copy of a segment that a list leaves out is no copy of this run, and not held against it', async () => {
  const { failed } = await play(
    {
      cluster: { nodes: 1, rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
      oddities: ['absent-once'],
      steps: [
        { kind: 'append', transactions: 10 },
        { kind: 'run' },
        {
          kind: 'run',
          surprises: [
            {
              at: { method: 'POST', path: '/v1/backup/createControlDbBackup', when: 'arrives' },
              happens: [{ kind: 'append', transactions: 30, eventsPerTransaction: 1 }],
            },
          ],
        },
        { kind: 'run' },
      ],
    },
    '2023.2',
  );
  expect(failed).toEqual([]);
});

/**
 * A run was killed, and the next one was given a node that holds no copy of one of the contexts: it said so, and failed. No rule
 * but one took that for anything but right: it demanded a good backup of the first run without a fault.
 */
test('no good backup is demanded of the first run behind a fault where its node does not hold every context', async () => {
  const { failed, runs } = await play(
    {
      cluster: {
        rate: 0,
        segmentSizeBytes: 8192,
        logSegmentSizeBytes: 8192,
        groups: ordersOnNode1,
      },
      steps: [
        {
          kind: 'run',
          surprises: [
            {
              at: { method: 'GET', path: '/v1/backup/*', query: { type: 'EVENT' }, when: 'arrives' },
              happens: [{ kind: 'kill-client' }],
            },
          ],
        },
        { kind: 'run', node: 'node-2' },
        { kind: 'run' },
      ],
    },
    '4.2',
  );
  expect(runs).toEqual([1, 2, 3]);
  expect(failed).toEqual([]);
});

/** A client that was killed was followed by a run for which the zip was mounted nowhere: it had to make a good backup of it. */
test('no good backup is demanded of the first run behind a fault where its zip lies in no mount', async () => {
  const unmounted = { kind: 'run', unmounted: ['zip'] } as const;
  const killed = {
    at: { path: '/v1/backup/*', nth: 2, when: 'is-answered' },
    happens: [{ kind: 'kill-client' }],
  } as const;
  const { failed, runs } = await play(
    {
      cluster: { nodes: 1, rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
      steps: [{ kind: 'append', transactions: 20 }, { kind: 'run', surprises: [killed] }, unmounted, { kind: 'run' }],
    },
    'documented',
    { serverRoot: '/axonserver' },
  );
  expect(runs).toEqual([1, 2, 3]);
  expect(failed).toEqual([]);
});

/**
 * Three nodes were backed up, each for itself; an event came between the POSTs of two of them. What is restored is the one
 * that holds every context, and what was acknowledged before the last POST, on another node, was held against it.
 */
test('of a run that backs up several nodes, what is owed is what there was at the POST on the node that is restored', async () => {
  const { failed, runs } = await play(
    {
      cluster: {
        rate: 0,
        groups: ordersOnNode1,
      },
      steps: [
        { kind: 'append', transactions: 5 },
        {
          kind: 'run',
          surprises: [
            {
              at: { method: 'GET', path: '/v1/backup/*', query: { type: 'EVENT' }, nth: 3, when: 'is-answered' },
              happens: [{ kind: 'append', transactions: 1 }],
            },
          ],
        },
      ],
    },
    '2024.2',
    { driver: driverOf('every-node') },
  );
  expect(runs).toEqual([1]);
  expect(failed).toEqual([]);
});

/**
 * A client that names its good backup in a file began anew on another node, and cleared away what it knew of the one before,
 * that file too: nothing told the half of a backup that came next from the whole one beside it.
 */
test('odd clients keep what says which backup is the good one, on another node too', async () => {
  for (const id of ['named-good', 'current-link']) {
    const { failed, runs } = await play(
      {
        cluster: { rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
        steps: [
          { kind: 'run' },
          { kind: 'append', transactions: 30 },
          { kind: 'run', node: 'node-3' },
          { kind: 'hide-segment', node: 'node-1' },
          { kind: 'append', transactions: 20 },
          { kind: 'advance', by: '10m' },
          { kind: 'run' },
        ],
      },
      '2026.0',
      { driver: driverOf(id) },
    );
    expect({ id, failed, runs }).toEqual({ id, failed: [], runs: [1, 2, 3] });
  }
});

/**
 * Two first runs went side by side, and the one that was over first took away what lay beside its own backup: the half of
 * the other one, which was published all the same.
 */
test('odd clients that fill a backup for all to see leave that of another run alone', async () => {
  for (const id of ['named-good', 'marked-while-open']) {
    const { failed, runs } = await play(
      {
        cluster: { nodes: 1, rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
        steps: [
          {
            kind: 'run',
            surprises: [
              {
                at: { method: 'GET', path: '/v1/backup/log/filenames', nth: 1, when: 'arrives' },
                happens: [{ kind: 'run-beside' }],
              },
            ],
          },
        ],
      },
      '4.5',
      { driver: driverOf(id) },
    );
    expect({ id, failed, runs }).toEqual({ id, failed: [], runs: [1, 2] });
  }
});

/**
 * On 4.5 no node had a log of every group to list, and a restore would have mixed the control database of one with the log of
 * another: that wronged a client that backs up each node for itself, 1 schedule in 11,000.
 */
test('a backup of several nodes, none with a log of every group, is held against nobody where lists of logs are cut short', async () => {
  const inRun = { at: { path: '/v1/backup/*', nth: 1, when: 'arrives' } } as const;
  const { failed, runs } = await play(
    {
      cluster: {
        rate: 0,
        segmentSizeBytes: 8192,
        logSegmentSizeBytes: 8192,
        groups: ordersOnNode1,
      },
      steps: [
        { kind: 'append', context: 'orders', transactions: 60 },
        { kind: 'advance', by: '61m' },
        {
          kind: 'run',
          surprises: [{ ...inRun, happens: [{ kind: 'append', context: 'default', transactions: 120 }] }],
        },
      ],
    },
    '4.5',
    { driver: driverOf('every-node') },
  );
  expect({ failed, runs }).toEqual({ failed: [], runs: [1] });
});

/**
 * A segment closed and was copied by a run that failed, then it was transformed and compacted. What the last good backup had of
 * it, from when it was the open one, was held against what had been closed under that name and was there no more.
 */
test('what a backup has of a version that is gone from the server is not held against it', async () => {
  const { failed, runs } = await play(
    {
      cluster: { nodes: 1, rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
      steps: [
        { kind: 'run' },
        { kind: 'append', transactions: 30, eventsPerTransaction: 1 },
        {
          kind: 'plan-faults',
          rules: [
            { match: { path: '/v1/backup/*', nth: 2 }, do: { status: 503 }, times: 1 },
            {
              match: { method: 'GET', path: '/v1/backup/*', query: { type: 'SNAPSHOT' }, nth: 1 },
              do: { reset: true },
              times: 1,
            },
          ],
        },
        { kind: 'run' },
        { kind: 'run' },
        { kind: 'transform', context: 'default', firstToken: 14, lastToken: 15 },
        {
          kind: 'run',
          surprises: [
            {
              at: { method: 'GET', path: '/v1/backup/log/filenames', nth: 1, when: 'is-answered' },
              happens: [
                { kind: 'compact', context: 'default' },
                { kind: 'advance', by: '1m' },
              ],
            },
          ],
        },
      ],
    },
    '2024.2',
  );
  expect(runs).toHaveLength(4);
  expect(failed).toEqual([]);
});

/**
 * What a run has copied is seen when a run ends, and went by the number of one beside it that was over first: log files that were
 * cleaned behind their copying were held against the run as never copied.
 */
test('what a run had copied when another one beside it ended counts as its own', async () => {
  for (const id of ['in-the-open', 'named-good']) {
    const { failed, runs } = await play(
      {
        cluster: { nodes: 1, rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
        steps: [
          { kind: 'append', transactions: 60 },
          { kind: 'advance', by: '10s' },
          { kind: 'run' },
          { kind: 'append', transactions: 60, eventsPerTransaction: 1 },
          { kind: 'advance', by: '61m' },
          {
            kind: 'run',
            surprises: [
              {
                at: { method: 'GET', path: '/v1/backup/*', query: { type: 'EVENT' }, nth: 2, when: 'arrives' },
                happens: [
                  { kind: 'run-beside' },
                  { kind: 'clean-log', node: 'node-1', group: 'default', olderThan: '1h' },
                ],
              },
            ],
          },
        ],
      },
      '4.2',
      { driver: driverOf(id) },
    );
    expect({ id, failed, runs }).toEqual({ id, failed: [], runs: [1, 2, 3] });
  }
});

/**
 * A leader applied late, and so nothing was acknowledged; the follower that was backed up had applied it, into a segment that no
 * list of 4.2 names. That its events end before its control database was held against the client, since nothing was lost.
 */
test('what lies in no list is owed no more where nobody has acknowledged it', async () => {
  const { failed, runs } = await play(
    {
      cluster: { nodes: 3, contexts: ['default'], rate: 0.01, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
      steps: [
        {
          kind: 'run',
          surprises: [
            {
              at: { method: 'GET', path: '/v1/backup/*', query: { type: 'SNAPSHOT' }, nth: 1, when: 'arrives' },
              happens: [{ kind: 'stall-apply', node: 'node-1', for: '12h' }],
            },
          ],
        },
        { kind: 'advance', by: '3h' },
        { kind: 'run', node: 'node-3' },
      ],
    },
    '4.2',
  );
  expect(runs).toHaveLength(2);
  expect(failed).toEqual([]);
});

/**
 * The index of a segment was, byte for byte, that of another context whose consistency boundary is dynamic, and which the server
 * had written as a part of its backup: it was set apart as that one's copy, and missed where it belongs.
 */
test('an index is a copy of its own store, though one that the server has pushed has the same bytes', async () => {
  const { failed } = await play(
    {
      cluster: {
        nodes: 1,
        rate: 0,
        segmentSizeBytes: 8192,
        logSegmentSizeBytes: 8192,
        groups: [
          { name: 'default', contexts: ['default'] },
          { name: 'billing', contexts: [{ name: 'billing', dcb: true }] },
        ],
      },
      pace: { requestMs: 500 },
      steps: [
        { kind: 'append', context: 'billing', transactions: 60 },
        { kind: 'advance', by: '10s' },
        {
          kind: 'run',
          surprises: [
            {
              at: { path: '/v1/backup/*', nth: 3, when: 'arrives' },
              happens: [{ kind: 'append', context: 'default', transactions: 1, eventsPerTransaction: 1 }],
            },
            {
              at: { method: 'GET', path: '/v1/backup/log/filenames', nth: 3, when: 'is-answered' },
              happens: [{ kind: 'append', context: 'default', transactions: 5, eventsPerTransaction: 1 }],
            },
          ],
        },
        { kind: 'append', context: 'default', type: 'SNAPSHOT', transactions: 1 },
        { kind: 'append', context: 'default', transactions: 30, eventsPerTransaction: 1 },
        { kind: 'advance', by: '5m' },
        { kind: 'run' },
      ],
    },
    '2026.0',
  );
  expect(failed).toEqual([]);
});

/**
 * A backup of each node for itself, by a release whose lists are cut short: the first node was restored, and what it had in no
 * list was held against the client because the last node, asked later, had closed and listed it by then.
 */
test('of a run that backs up several nodes, what no list had is told by the lists of the node that is restored', async () => {
  const at = {
    method: 'GET',
    path: '/v1/backup/*',
    query: { type: 'SNAPSHOT' },
    nth: 2,
    when: 'is-answered',
  } as const;
  const { failed } = await play(
    {
      cluster: {
        rate: 0,
        segmentSizeBytes: 8192,
        logSegmentSizeBytes: 8192,
        groups: ordersOnNode1,
      },
      steps: [
        { kind: 'append', context: 'orders', transactions: 60, eventsPerTransaction: 1 },
        { kind: 'advance', by: '61m' },
        {
          kind: 'run',
          surprises: [
            { at, happens: [{ kind: 'kill-client' }] },
            {
              at,
              happens: [
                { kind: 'clean-log', node: 'node-1', group: 'orders', olderThan: '30s' },
                { kind: 'append', context: 'default', type: 'SNAPSHOT', transactions: 120 },
              ],
            },
          ],
        },
        { kind: 'run' },
      ],
    },
    '4.2',
    { driver: driverOf('every-node') },
  );
  expect(failed).toEqual([]);
});

/**
 * A compaction took the older version of a segment away between its list and its copy. The client asked again and copied what
 * there was: the segment in its newer version, and the older one was missed all the same.
 */
test('a version that is compacted away while a run copies, and that it is told of no more when it asks again, is not missed', async () => {
  const { failed } = await play(
    {
      cluster: { nodes: 1, rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
      steps: [
        { kind: 'append', transactions: 1 },
        { kind: 'transform', firstToken: 0, lastToken: 0 },
        {
          kind: 'run',
          surprises: [
            {
              at: { method: 'GET', path: '/v1/backup/*', query: { type: 'EVENT' }, nth: 1, when: 'is-answered' },
              happens: [{ kind: 'compact' }],
            },
          ],
        },
      ],
    },
    '2026.0',
  );
  expect(failed).toEqual([]);
});

/** Beside a plain context of the name default two others, of which billing becomes one with a dynamic consistency boundary. */
const billingBecomesDcb: Pick<Scenario, 'cluster' | 'pace'> & { readonly opening: Scenario['steps'] } = {
  cluster: {
    nodes: 1,
    rate: 0,
    segmentSizeBytes: 8192,
    logSegmentSizeBytes: 8192,
    groups: [
      { name: 'default', contexts: ['default'] },
      { name: 'billing', contexts: ['billing'] },
      { name: 'fraud', contexts: [{ name: 'fraud', dcb: true }] },
    ],
  },
  pace: { requestMs: 500 },
  opening: [
    { kind: 'append', context: 'billing', transactions: 60 },
    { kind: 'advance', by: '10s' },
    { kind: 'run' },
    { kind: 'migrate-to-dcb', context: 'billing' },
    { kind: 'append', context: 'billing', transactions: 20 },
    { kind: 'advance', by: '10s' },
  ],
};

/**
 * A segment without an event was taken for one of the only plain context that there was, and was missing from what the server
 * had written of the context in whose folder it lay.
 */
test('an empty segment that the server has written belongs to the context of its folder, though one context alone is plain', async () => {
  const { opening, ...cluster } = billingBecomesDcb;
  const { failed } = await play({ ...cluster, steps: [...opening, { kind: 'run' }] }, '2026.0');
  expect(failed).toEqual([]);
});

/** Whatever a planned fault had to do with an answer, it counted as none, though it was the whole of it. */
test('FINISHED counts where it came late', async () => {
  const { opening, ...cluster } = billingBecomesDcb;
  const delayed = { do: { delay: '20ms' }, times: 0 };
  const rules = [{ match: { method: 'GET', path: '/v2/backup/*' }, ...delayed }];
  const steps: Scenario['steps'] = [...opening, { kind: 'plan-faults', rules }, { kind: 'run' }];
  const { failed } = await play({ ...cluster, steps }, '2026.0');
  expect(failed).toEqual([]);
});

/** What the server wrote for one of two runs was demanded of the other one, too. */
test('of two runs at a time each has what the server has written for itself', async () => {
  const { opening, ...cluster } = billingBecomesDcb;
  const at = { method: 'POST', path: '/v2/backup', when: 'is-answered' } as const;
  const steps: Scenario['steps'] = [
    ...opening,
    { kind: 'run', surprises: [{ at, happens: [{ kind: 'run-beside' }] }] },
  ];
  const { failed, runs } = await play({ ...cluster, steps }, '2026.0');
  expect(failed).toEqual([]);
  expect(runs).toHaveLength(3);
});

/**
 * The client of the README does not begin anew where a listed log file is gone, and fails, as the rules allow. After a run that
 * had met a fault it was to make a good backup all the same.
 */
test('a run after a fault may fail where a listed log file is cleaned away before it is copied', async () => {
  const at = {
    method: 'GET',
    path: '/v1/backup/log/filenames',
    query: { context: 'default' },
    when: 'is-answered',
  } as const;
  const { failed } = await play(
    {
      cluster: { rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192, groups: ordersOnNode1 },
      steps: [
        { kind: 'run', node: 'node-2' },
        { kind: 'append', context: 'default', transactions: 60 },
        { kind: 'advance', by: '61m' },
        {
          kind: 'run',
          surprises: [{ at, happens: [{ kind: 'clean-log', node: 'node-1', group: 'default', olderThan: '1h' }] }],
        },
      ],
    },
    'documented',
    { driver: starterDriver() },
  );
  expect(failed).toEqual([]);
});

/** A young node with a short log is asked after one with a long one, and has another folder: the restore takes neither of it. */
test('of a run that backs up several nodes, a log that no list has whole is looked for where the restore takes it from', async () => {
  const { failed } = await play(
    {
      cluster: {
        rate: 0,
        contexts: ['default', 'my-orders', 'my_orders'],
        segmentSizeBytes: 8192,
        logSegmentSizeBytes: 8192,
      },
      steps: [
        { kind: 'append', transactions: 20 },
        { kind: 'advance', by: '10s' },
        { kind: 'delay-replication', node: 'node-2', by: '2h' },
        { kind: 'append', transactions: 60 },
        { kind: 'append', context: 'my-orders', transactions: 30 },
        { kind: 'run', node: 'node-3' },
      ],
    },
    '4.2',
    { driver: driverOf('every-node') },
  );
  expect(failed).toEqual([]);
});

/** The run had published two of three nodes when it failed, and was held to what the run before it had been told of. */
test('what a failed run has published of one node is judged by its own lists, too', async () => {
  const { failed } = await play(
    {
      cluster: { rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
      steps: [
        { kind: 'append', transactions: 60 },
        { kind: 'advance', by: '10s' },
        { kind: 'run' },
        { kind: 'append', transactions: 1 },
        { kind: 'roll' },
        { kind: 'hide-segment', node: 'node-3' },
        { kind: 'advance', by: '3h' },
        { kind: 'run' },
      ],
    },
    '4.5',
    { driver: driverOf('every-node') },
  );
  expect(failed).toEqual([]);
});

/** The client of the README built every backup in one place: what another run had taken away there, it published half of. */
test('the client of the README builds a backup where no other run takes it away', async () => {
  const { opening, ...cluster } = billingBecomesDcb;
  const at = { method: 'POST', path: '/v2/backup', when: 'arrives' } as const;
  const steps: Scenario['steps'] = [
    ...opening,
    { kind: 'run', surprises: [{ at, happens: [{ kind: 'run-beside' }] }] },
    { kind: 'run' },
  ];
  const { failed, runs } = await play({ ...cluster, steps }, '2026.0', { driver: starterDriver() });
  expect([failed, runs.length]).toEqual([[], 4]);
});
