import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { callProgram } from '../../support/called-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const script = path.resolve(import.meta.dirname, '../../../fixtures/clients/odd/rsync-checksum.sh');
/** Where bytes change unseen, logs vanish, names are odd, and runs die; selftest has it play everything. */
const only = ['log/changes-in-place', 'log/compacted-while-copying', 'listing/two-spellings', 'interruption/mid-log'];

interface Judged {
  readonly scenarios: ReadonlyArray<{
    readonly id: string;
    readonly hazards: ReadonlyArray<{ readonly id: string; readonly reached: boolean }>;
    readonly rules: ReadonlyArray<{
      readonly id: string;
      readonly status: string;
      readonly evidence: ReadonlyArray<{ readonly actual: string }>;
    }>;
  }>;
}

async function check(
  file: string,
  scenarios: readonly string[],
): Promise<{ readonly code: number | null; readonly changes: Judged['scenarios'][0] }> {
  const report = path.join(temporaryFolder(), 'report.json');
  const { code } = await callProgram([
    'check',
    ...scenarios.flatMap((id) => ['--only', id]),
    '--report',
    `json=${report}`,
    '--',
    'bash',
    file,
  ]);
  const judged = JSON.parse(fs.readFileSync(report, 'utf8')) as Judged;
  const changes = judged.scenarios.find(({ id }) => id === 'log/changes-in-place');
  if (changes === undefined) throw new Error('log/changes-in-place was not played');
  return { code, changes };
}

/* A copy that was kept since it has the same bytes failed for not having been copied. */
describe('a backup with rsync, staging and rename', () => {
  test('passes with --checksum, which compares bytes', async () => {
    const { code, changes } = await check(script, only);
    expect(code).toBe(0);
    expect(changes.hazards).toEqual([{ id: 'bytes-change-size-and-time-do-not', reached: true }]);
  });

  test('fails without it, where bytes change while size and time do not', async () => {
    const plain = path.join(temporaryFolder(), 'rsync.sh');
    fs.writeFileSync(plain, fs.readFileSync(script, 'utf8').replace('rsync -a --checksum ', 'rsync -a '));
    const { code, changes } = await check(plain, ['log/changes-in-place']);
    expect(code).toBe(1);
    expect(changes.hazards).toEqual([{ id: 'bytes-change-size-and-time-do-not', reached: true }]);
    const failed = new Map(changes.rules.filter(({ status }) => status === 'fail').map((rule) => [rule.id, rule]));
    expect(failed.get('log/recopied')?.evidence[0]?.actual).toMatch(/others, under the size and time of before$/);
    expect(failed.get('open-segment/overwritten')?.evidence[0]?.actual).toMatch(/size and time are as they were$/);
  });
});
