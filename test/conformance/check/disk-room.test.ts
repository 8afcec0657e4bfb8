import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { requireRoom, requireRoomLeft } from '../../../conformance/check/folders/disk-room.ts';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import { failureOf } from '../../support/failure-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MIB = 1024 ** 2;

describe('the disk', () => {
  test('is looked at before anything is played, by what scenarios side by side may take', () => {
    requireRoom('/tmp', 2, () => 80 * MIB);
    expect(failureOf(() => requireRoom('/tmp', 2, () => 79 * MIB))).toMatchObject({
      kind: 'disk-full',
      message:
        'no room to play in /tmp: 79 MiB are free, and 2 scenarios side by side take up to 80 MiB ' +
        '(TMPDIR names another place, --jobs has fewer of them)',
    });
  });

  test('is looked at behind each scenario: a client that found no room is not to blame', () => {
    requireRoomLeft('/tmp', () => MIB);
    expect(failureOf(() => requireRoomLeft('/tmp', () => MIB - 1))).toMatchObject({ kind: 'disk-full' });
  });

  // Each of eleven scenarios failed with a stack of its own, and the client was blamed where it was the one that noticed.
  test('that is full ends a check, with what was judged until then and no blame for the client', async () => {
    let runs = 0;
    const driver = new FunctionDriver(() => Promise.reject(new Error('no')));
    const report = await runConformance({
      driver,
      only: ['growth/first-backup', 'growth/grows-between-runs', 'growth/ten-runs'],
      jobs: 1,
      keepsFailures: false,
      reportsInterrupted: true,
      onEvidence: () => {
        runs++;
        if (runs === 2)
          throw new Error('cannot write', { cause: Object.assign(new Error('full'), { code: 'ENOSPC' }) });
      },
    });
    expect(runs).toBe(2);
    expect(report.scenarios.map(({ id }) => id)).toEqual(['growth/first-backup']);
    expect(report).toMatchObject({
      exitCode: 70,
      incomplete: {
        reasons: ['disk-full'],
        notPlayed: [{ id: 'growth/grows-between-runs' }, { id: 'growth/ten-runs' }],
      },
    });
  });
});

describe('a folder for artefacts', () => {
  const check = (outDir: string) =>
    runConformance({
      driver: new FunctionDriver(() => Promise.reject(new Error('no'))),
      only: ['growth/first-backup'],
      outDir,
    });

  test("that holds something of somebody's own is refused, and named", async () => {
    const folder = temporaryFolder();
    for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.txt']) fs.writeFileSync(path.join(folder, name), '');
    await expect(check(folder)).rejects.toMatchObject({
      kind: 'bad-option',
      message: `${folder} holds something else (a.txt, b.txt, c.txt and 1 more): name an empty folder, or one of an earlier check`,
    });
    expect(fs.readdirSync(folder)).toHaveLength(4);
  });

  test('of an earlier check is used again, whatever else has come to lie in it', async () => {
    const folder = temporaryFolder();
    await check(folder);
    fs.writeFileSync(path.join(folder, 'report.json'), '');
    await check(folder);
    expect(fs.readdirSync(folder).toSorted()).toEqual(['growth.first-backup', 'report.json']);
  });
});
