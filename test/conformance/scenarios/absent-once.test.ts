import { describe, expect, test } from 'vitest';
import { closingFileIn } from '../../../conformance/scenarios/oddities.ts';
import { playClient } from '../../support/played-client.ts';

const only = ['listing/absent-once'];
const name = (number: number, suffix = 'events'): string =>
  `/axon/default/${String(number).padStart(20, '0')}.${suffix}`;

/* 2023.2.1 left a closing segment out of /eventstore, in 2 of 27,056 polls: neither closed nor written, and no name tells. */
describe('a segment that a list leaves out in the instant in which it closes', () => {
  test('is the lowest of those that are full, where there is one', () => {
    const closed = [name(0), name(0, 'index'), name(0, 'bloom')];
    expect(closingFileIn([...closed, name(40), name(20), name(60)])).toBe(name(20));
    expect(closingFileIn([...closed, name(20)])).toBeNull();
  });

  test.each(['reference', 'full-copy', 'parallel-copy'])(
    'is not held against %s in that run, which is told of the gap; the next one has it',
    async (client) => {
      const report = await playClient(client, only);
      expect(report.exitCode).toBe(0);
      const [scenario] = report.scenarios;
      expect(scenario?.hazards).toEqual([{ id: 'closing-segment-left-out', reached: true }]);
      expect(scenario?.notes).toEqual([
        expect.stringMatching(/^run 2 was not told of segment 60 of default \(EVENT\)/),
      ]);
      expect(scenario?.loss).toEqual([]);
    },
  );

  test('is missing for good where the cursor passes it, and that is a failure of the run that does it', async () => {
    const report = await playClient('cursor-below-the-highest', only);
    const rule = report.scenarios[0]?.rules.find(({ id }) => id === 'cursor/never-skips');
    expect(rule).toMatchObject({ status: 'fail', evidence: [{ run: 3 }] });
    expect(report.scenarios[0]?.rules.find(({ id }) => id === 'outcome/restorable')?.evidence).toMatchObject([
      { run: 3, actual: expect.stringContaining('tokens 60 to 79 of EVENT are in no segment') },
    ]);
  });
});
