import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import type { Edition, ServerVersion } from '../../../server/index.ts';
import { buildHazard } from '../../support/report.ts';
import { inProcess } from '../../support/reference-in-process.ts';

const scenario: Scenario = {
  id: 'own/never',
  title: '',
  story: '',
  hazards: [],
  rules: [],
  cluster: { nodes: 1, rate: 0, segmentSizeBytes: 8192 },
  steps: [
    { kind: 'append', transactions: 20 },
    { kind: 'plan-faults', rules: [{ match: { path: '/v1/backup/evntstore' }, do: { status: 500 } }] },
    {
      kind: 'run',
      surprises: [
        { at: { path: '/v1/backup/*', when: 'is-answered' }, happens: [{ kind: 'append', transactions: 1 }] },
        { at: { method: 'GET', path: '/v1/backup/filename', when: 'arrives' }, happens: [{ kind: 'kill-client' }] },
        {
          at: { path: '/v1/backup/*', query: { type: 'SNAPSHOT' }, nth: 7, when: 'arrives' },
          happens: [{ kind: 'kill-client' }],
        },
      ],
    },
  ],
};

async function notesOf(
  played: Scenario,
  edition: Edition = 'enterprise',
  serverVersion: ServerVersion = 'documented',
): Promise<readonly string[]> {
  const driver = new FunctionDriver(inProcess());
  const { scenarios } = await runConformance({
    driver,
    scenarios: [played],
    edition,
    serverVersion,
    jobs: 1,
    keepsFailures: false,
  });
  expect(scenarios.map(({ message }) => message)).toEqual([null]);
  expect(['pass', 'warn']).toContain(scenarios[0]?.status);
  return scenarios.flatMap(({ notes = [] }) => notes);
}

/** A misspelt path in a scenario of one's own passed in silence: its author took the crash that never was for survived. */
test('what a scenario meant to happen, and the client never came to, is noted with how near it came', async () => {
  expect(await notesOf(scenario)).toEqual([
    'what was to happen in run 1 at GET /v1/backup/filename has not: there was no such request',
    'what was to happen in run 1 at /v1/backup/*?type=SNAPSHOT, number 7 has not: there was one such request',
    'a fault was planned for /v1/backup/evntstore: there was no such request',
  ]);
});

test('one that names hazards says by these what it has reached', async () => {
  expect(await notesOf({ ...scenario, hazards: [buildHazard()] })).toEqual([]);
});

test('what only a good answer brings about says so, what a killed run was to come to is no matter, and faults planned in a run count', async () => {
  const [append = { kind: 'advance', by: '1s' }] = scenario.steps;
  const at = { path: '/v1/backup/eventstore', when: 'is-answered' } as const;
  const fault = { match: { path: '/v1/backup/evntstore' }, do: { status: 500 } };
  const planned = {
    ...scenario,
    steps: [
      append,
      { kind: 'plan-faults', rules: [{ match: { path: at.path }, do: { status: 404 }, times: 0 }] },
      { kind: 'run', surprises: [{ at, happens: [{ kind: 'kill-client' }] }] },
    ],
  } satisfies Scenario;
  expect(await notesOf(planned)).toEqual([
    'what was to happen in run 1 at /v1/backup/eventstore has not: there was no answer with 200',
  ]);
  const killed = {
    ...scenario,
    steps: [
      append,
      {
        kind: 'run',
        surprises: [
          { at, happens: [{ kind: 'plan-faults', rules: [fault] }, { kind: 'kill-client' }] },
          { at: { ...at, nth: 3 }, happens: [{ kind: 'kill-client' }] },
        ],
      },
      { kind: 'run' },
    ],
  } satisfies Scenario;
  expect(await notesOf(killed)).toEqual(['a fault was planned for /v1/backup/evntstore: there was no such request']);
});

/** Beside a rule that struck, one with a slip in it was not told of. */
test.each([undefined, '/axonserver-1'])(
  'each planned fault that no request was one for is told of, whatever the others did, below the path %s',
  async (contextPath) => {
    const delay = { delay: '1s' };
    const rules = [
      { match: { path: '/v1/backup/createControlDbBackup' }, do: delay },
      { match: { method: 'GET', path: '/v1/backup/createControlDbBackup' }, do: delay },
      { match: { path: '/v1/backup/*', node: 'node-2', query: { type: 'EVENT' } }, do: delay },
      { match: { path: '/v1/backup/log/filenames', nth: 9 }, do: delay },
    ];
    const cluster = { ...scenario.cluster, nodes: 2, ...(contextPath === undefined ? {} : { contextPath }) };
    const steps: Scenario['steps'] = [{ kind: 'plan-faults', rules }, { kind: 'run' }];
    expect(await notesOf({ ...scenario, cluster, steps })).toEqual([
      'a fault was planned for GET /v1/backup/createControlDbBackup: there was no such request',
      'a fault was planned for /v1/backup/*?type=EVENT on node-2: there was no such request',
      'a fault was planned for /v1/backup/log/filenames, number 9: there were 2 of these',
    ]);
  },
);

test('a fault that meets its request, and changes nothing, is told of', async () => {
  const cutBehind = { match: { path: '/v1/backup/log/*' }, do: { truncateAt: 1_000_000 } };
  const steps: Scenario['steps'] = [{ kind: 'plan-faults', rules: [cutBehind] }, { kind: 'run' }];
  const notes = await notesOf({ ...scenario, steps });
  expect(notes).toEqual(['no fault that was planned has changed what the client was answered']);
});

test('where the edition has the POST elsewhere, what is planned for it is planned for it there', async () => {
  const delayed = { match: { path: '/v1/backup/createControlDbBackup' }, do: { delay: '1s' } };
  const steps: Scenario['steps'] = [{ kind: 'plan-faults', rules: [delayed] }, { kind: 'run' }];
  expect(await notesOf({ ...scenario, steps }, 'standard')).toEqual([]);
});

describe('a step that changes nothing', () => {
  const cluster: Scenario['cluster'] = { nodes: 1, rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 };
  const clean = { kind: 'clean-log', node: 'node-1', group: 'default', olderThan: '1h' } as const;
  const hide = { kind: 'hide-segment', node: 'node-1', type: 'SNAPSHOT' } as const;
  const deleted = { kind: 'transform', firstToken: 0, lastToken: 1 } as const;
  const compact = { kind: 'compact' } as const;
  const append = { kind: 'append', transactions: 60 } as const;
  const advance = { kind: 'advance', by: '61m' } as const;
  const run = { kind: 'run' } as const;

  test('is told of, once: its author took the log for cleaned', async () => {
    const at = { path: '/v1/backup/eventstore', when: 'arrives' } as const;
    const steps: Scenario['steps'] = [
      append,
      clean,
      { kind: 'run', surprises: [{ at, happens: [clean, hide] }] },
      compact,
      { kind: 'run', surprises: [{ at: { ...at, nth: 9 }, happens: [{ ...hide, type: 'EVENT' }] }] },
    ];
    expect(await notesOf({ ...scenario, cluster, steps }, 'enterprise', '2023.2')).toEqual([
      'what was to happen in run 2 at /v1/backup/eventstore, number 9 has not: there were 2 of these',
      'the log of default on node-1 was to be cleaned, and had no segment closed for 1h to spare',
      'a segment of default (SNAPSHOT) on node-1 was to be out of reach, and in no run it was',
      'default was to be compacted, and had no version of a segment that is not current',
    ]);
  });

  test('is told of no step that has changed something', async () => {
    const hidden: Scenario['steps'] = [{ kind: 'hide-segment', node: 'node-1' }, run, { kind: 'show-segments' }];
    const steps: Scenario['steps'] = [append, advance, clean, run, deleted, run, compact, ...hidden, run];
    expect(await notesOf({ ...scenario, cluster, steps }, 'enterprise', '2023.2')).toEqual([]);
  });
});
