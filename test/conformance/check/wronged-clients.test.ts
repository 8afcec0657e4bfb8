import { describe, expect, test } from 'vitest';
import { caseScenario, playScenario, pythonClient } from '../../support/cases.ts';
import { driverOf } from '../../support/fixture-client.ts';

describe('schedules in which correct clients were failed', () => {
  /* A log was cleaned in the virtual millisecond in which the run had ended: it counted as gone before it was copied. */
  test('a log that is cleaned right behind the end of a run has not vanished in it', async () => {
    const { failed } = await playScenario(caseScenario('cleaned-in-the-same-instant'), driverOf('reference'));
    expect(failed).toEqual([]);
  });

  /* Files of the half slot and of the good one were put together, and did not restore. */
  test.each(['two-slots-half-written-1', 'two-slots-half-written-2'])(
    'the good slot of two is a backup, whatever half of another lies beside it: %s',
    async (name) => {
      const { failed } = await playScenario(caseScenario(name), pythonClient('slots.py'));
      expect(failed).toEqual([]);
    },
  );

  /* No list of these releases has a segment that is full and waits for its index; its loss was held against the client. */
  test.each(['4.2', '4.5'] as const)(
    'what is full and not closed is in no list of %s, and its loss is not the fault of who goes by lists',
    async (serverVersion) => {
      const { failed, report } = await playScenario(caseScenario('full-and-not-closed.4.2'), driverOf('reference'), {
        serverVersion,
      });
      expect(failed).toEqual([]);
      // Measured all the same.
      expect(report.scenarios[0]?.loss).toMatchObject([{ context: 'default', type: 'EVENT', events: 160 }]);
    },
  );
});
