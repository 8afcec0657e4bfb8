import { expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
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

async function notesOf(played: Scenario): Promise<readonly string[]> {
  const driver = new FunctionDriver(inProcess());
  const { scenarios } = await runConformance({ driver, scenarios: [played], jobs: 1, keepsFailures: false });
  expect(scenarios.map(({ message }) => message)).toEqual([null]);
  expect(['pass', 'warn']).toContain(scenarios[0]?.status);
  return scenarios.flatMap(({ notes = [] }) => notes);
}

/** A misspelt path in a scenario of one's own passed in silence: its author took the crash that never was for survived. */
test('what a scenario meant to happen, and the client never came to, is noted with how near it came', async () => {
  expect(await notesOf(scenario)).toEqual([
    'what was to happen in run 1 at GET /v1/backup/filename has not: there was no such request',
    'what was to happen in run 1 at /v1/backup/*?type=SNAPSHOT, number 7 has not: there was one such request',
    'no fault that was planned has changed what the client was answered',
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
  expect(await notesOf(killed)).toEqual(['no fault that was planned has changed what the client was answered']);
});
