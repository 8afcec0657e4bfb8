import { describe, expect, test } from 'vitest';
import { metFault } from '../../../conformance/journal/inference/trouble.ts';
import type { Scenario, Step } from '../../../conformance/scenarios/scenario.ts';
import type { Fault } from '../../../server/index.ts';
import { caseScenario, playScenario, pythonClient } from '../../support/cases.ts';
import { driverOf } from '../../support/fixture-client.ts';
import { starterDriver } from '../../support/starter-client.ts';

describe('schedules in which correct clients were failed', () => {
  /*
   * A compaction came between listing and copying. The reference lists again; in bash it has an open copy of the run before beside
   * that, as whoever links what he had does; the client of the README fails, as he may. All three were told that they were wrong.
   */
  test.each(['reference', 'reference-sh', 'starter'])('segments that a compaction takes from under %s', async (id) => {
    const listed = { path: '/v1/backup/eventstore', query: { type: 'EVENT' }, when: 'is-answered' } as const;
    const schedule = (before: Step[], firstToken: number, lastToken: number): Scenario => ({
      id: 'wronged/compacted-while-copying',
      title: '',
      story: '',
      hazards: [],
      rules: [],
      cluster: { nodes: 3, rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
      steps: [
        { kind: 'append', transactions: 60 },
        { kind: 'advance', by: '10s' },
        { kind: 'run' },
        { kind: 'append', transactions: 120 },
        { kind: 'advance', by: '10s' },
        ...before,
        {
          kind: 'run',
          surprises: [{ at: listed, happens: [{ kind: 'transform', firstToken, lastToken }, { kind: 'compact' }] }],
        },
        { kind: 'advance', by: '10s' },
        { kind: 'run' },
      ],
    });
    const driver = id === 'starter' ? starterDriver() : driverOf(id);
    const before: Step[] = [{ kind: 'transform', firstToken: 2, lastToken: 90 }];
    for (const scenario of [schedule([], 62, 90), schedule(before, 62, 150)]) {
      const { failed, report } = await playScenario(scenario, driver, { serverVersion: '2023.2' });
      expect(failed).toEqual([]);
      // It has been in somebody's way.
      const { runs = [] } = report.scenarios[0] ?? {};
      expect(id === 'starter' ? runs[1]?.exitCode : runs.map(({ requests }) => requests)).toEqual(
        id === 'starter' ? 1 : [5, 6, 5],
      );
    }
  });

  /* A log was cleaned in the virtual millisecond in which the run had ended: it counted as gone before it was copied. */
  test('a log that is cleaned right behind the end of a run has not vanished in it', async () => {
    const { failed } = await playScenario(caseScenario('cleaned-in-the-same-instant'), driverOf('reference'));
    expect(failed).toEqual([]);
  });

  /* Files of the half slot and of the good one were put together, and did not restore. */
  test.each(['two-slots-half-written-1', 'two-slots-half-written-2'])(
    'the good slot of two is a backup, whatever half of another lies beside it: %s',
    async (name) => {
      const { failed, report } = await playScenario(caseScenario(name), pythonClient('slots.py'));
      expect(failed).toEqual([]);
      // What was restored lies in one of the two.
      const { why = '', controlDb = '', logs = [], stores = [] } = report.scenarios[0]?.restored ?? {};
      const [slot = ''] = (controlDb ?? '').split('/');
      expect(why).toContain(slot);
      for (const { place } of [...logs, ...stores].flatMap(({ from }) => from)) expect(place).toMatch(`${slot}/`);
    },
  );

  /* No list of these releases has a segment that is full and waits for its index; its loss was held against the client. */
  test.each(['4.2', '4.5'] as const)(
    'what is full and not closed is in no list of %s, and its loss is not the fault of who goes by lists',
    async (serverVersion) => {
      const { failed, warned, report } = await playScenario(
        caseScenario('full-and-not-closed.4.2'),
        driverOf('reference'),
        {
          serverVersion,
        },
      );
      expect(failed).toEqual([]);
      // Measured and told all the same.
      expect(report.scenarios[0]?.loss).toMatchObject([{ context: 'default', type: 'EVENT', events: 160 }]);
      expect(warned).toEqual([expect.stringMatching(/^open-segment\/included: .* 160 events of default .* are lost/)]);
      expect(report.exitCode).toBe(0);
    },
  );

  test.each(['4.2', '4.5'] as const)(
    'who reads the folder of the node, as the manual allows, has what is full and not closed on %s',
    async (serverVersion) => {
      const { failed, warned, report } = await playScenario(
        caseScenario('full-and-not-closed.4.2'),
        driverOf('filenames-endpoint'),
        { serverVersion },
      );
      expect([failed, warned, report.scenarios[0]?.loss]).toEqual([[], [], []]);
    },
  );

  /* A planned cut at 20 bytes cannot strike `[]`, which arrived whole and was called a body that is no answer. */
  test('a cut behind the end of a short answer is no fault, and one within it is', async () => {
    const cutAt = (truncateAt: number): Scenario => ({
      ...caseScenario('full-and-not-closed.4.2'),
      steps: [
        {
          kind: 'plan-faults',
          rules: [{ match: { path: '/v1/backup/filenames' }, do: { truncateAt }, times: 0 }],
        },
        { kind: 'run' },
      ],
    });
    const whole = await playScenario(cutAt(20), driverOf('reference'), { serverVersion: '4.2' });
    expect(whole.failed).toEqual([]);
    expect(whole.evidence.runs[0]?.requests.flatMap(({ fault }) => fault ?? [])).toEqual([]);
    expect(whole.evidence.runs[0]?.result.exitCode).toBe(0);
    const cut = await playScenario(cutAt(1), driverOf('reference'), { serverVersion: '4.2' });
    expect(cut.evidence.runs[0]?.requests.at(-1)?.fault).toBe('truncateAt 1');
    expect(cut.evidence.runs[0]?.result.exitCode).toBe(1);
  });

  /* A plan that strikes and changes nothing made each run one that had met a fault, and the next one that had to recover. */
  test('runs that are answered as ever have met no fault, whatever was planned for them', async () => {
    const nothing: ReadonlyArray<Fault['do']> = [{ truncateAt: 1_000_000 }, { delay: '0s' }, { body: '[]' }];
    const scenario: Scenario = {
      ...caseScenario('full-and-not-closed.4.2'),
      cluster: { rate: 0 },
      steps: nothing.flatMap((action): Step[] => [
        {
          kind: 'plan-faults',
          rules: [{ match: { path: '/v1/backup/filenames', query: { type: 'SNAPSHOT' } }, do: action, times: 0 }],
        },
        { kind: 'run' },
      ]),
    };
    const { failed, evidence } = await playScenario(scenario, driverOf('reference'), { serverVersion: '4.2' });
    expect(failed).toEqual([]);
    expect(evidence.runs.map((run) => [run.result.exitCode, metFault(evidence, run)])).toEqual(
      nothing.map(() => [0, false]),
    );
  });
});
