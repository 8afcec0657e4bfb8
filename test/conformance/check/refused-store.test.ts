import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { unpackWith } from '../../../conformance/driver/restore-command.ts';
import type { Report } from '../../../conformance/verdict/report.ts';
import { driverOf } from '../../support/fixture-client.ts';

function check(scenario: string, restore: string): Promise<Report> {
  const unpack = unpackWith(restore, process.env);
  return runConformance({ driver: driverOf('reference'), only: [scenario], unpack, keepsFailures: false });
}

const refusal = 'echo "$BACKUP_DIR/store: not a store" >&2; exit 2';

describe('a store that its own tool refuses', () => {
  test('does not restore, and the tool says why', async () => {
    const report = await check('growth/first-backup', refusal);
    expect(report.exitCode).toBe(1);
    const [scenario] = report.scenarios;
    for (const id of ['outcome/exit-status-true', 'outcome/restorable']) {
      const rule = scenario?.rules.find((each) => each.id === id);
      expect(rule).toMatchObject({
        status: 'fail',
        evidence: [{ actual: expect.stringContaining('--restore ended with 2: $BACKUP_DIR/store: not a store') }],
      });
    }
    expect(scenario?.loss).toMatchObject([{ context: 'default' }, { context: 'default' }]);
  });

  /* It stood sixth, behind a control database, logs and segments that were missing because of it. */
  test('is named before everything that is missing because of it', async () => {
    const report = await check('growth/first-backup', refusal);
    const failed = report.scenarios[0]?.rules.filter(({ status }) => status === 'fail') ?? [];
    expect(failed.map(({ id }) => id)).toContain('log/all-groups');
    expect(failed[0]).toMatchObject({
      id: 'outcome/restorable',
      message: expect.stringContaining('--restore ended with 2'),
    });
  });

  test('after a run that failed is no good backup any more either', async () => {
    // The second run has a wrong token and fails.
    const second = '[ "$(basename "$RESTORE_DIR")" = unpacked-2 ]';
    const report = await check(
      'access/token-wrong',
      `if ${second}; then ${refusal}; fi; cp -r "$BACKUP_DIR/." "$RESTORE_DIR"`,
    );
    expect(report.exitCode).toBe(1);
    const failed = report.rules.filter(({ status }) => status === 'fail').map(({ id }) => id);
    expect(failed).toEqual(['outcome/previous-survives']);
    const rule = report.scenarios[0]?.rules.find(({ id }) => id === 'outcome/previous-survives');
    expect(rule?.evidence).toMatchObject([{ run: 2, actual: expect.stringContaining('store: not a store') }]);
  });
});
