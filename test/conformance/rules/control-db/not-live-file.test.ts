import { describe, expect, test } from 'vitest';
import type { BackupFile } from '../../../../conformance/journal/inventory.ts';
import { notLiveFile } from '../../../../conformance/rules/control-db/not-live-file.ts';
import { backupFile, evidence, exited, goodBackup, goodRun, run, zipFile, zipName } from '../../../support/evidence.ts';

const liveName = 'axonserver-controldb.mv.db';
const withoutZip = goodBackup(1).slice(1);

function liveFile(values: Partial<BackupFile> = {}): BackupFile {
  return backupFile({ container: 'control-db', name: liveName, what: { kind: 'control-db-live' }, ...values });
}

describe('control-db/not-live-file', () => {
  test('passes where the zip is in the backup', () => {
    expect(notLiveFile.check(evidence({ runs: [goodRun(1), goodRun(2)] }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where the live file is there instead', () => {
    const runs = [goodRun(1, { after: [liveFile(), ...withoutZip] })];
    expect(notLiveFile.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          subject: `control-db/${liveName}`,
          actual: 'a copy of the live database file, and no zip of this run beside it',
        },
      ],
    });
  });

  test('fails where it lies beside the zip of an earlier run alone', () => {
    const runs = [goodRun(1), goodRun(2, { after: [zipFile(zipName(1)), liveFile({ writtenInRun: 2 })] })];
    expect(notLiveFile.check(evidence({ runs }))).toMatchObject({ verdict: 'fail', findings: [{ run: 2 }] });
  });

  test('fails where it has the name of the zip', () => {
    const torn = Buffer.concat([Buffer.from('a1b2c3d4', 'hex'), Buffer.alloc(1020)]);
    const runs = [goodRun(1, { after: [liveFile({ name: zipName(1), readBytes: () => torn }), ...withoutZip] })];
    expect(notLiveFile.check(evidence({ runs }))).toMatchObject({ verdict: 'fail' });
  });

  test.each([
    ['half of the zip', 'PK\u0003\u0004'],
    ['nothing', ''],
    ['an error page', '<html>proxy error</html>'],
  ])('does not take %s under the name of the zip for the live file', (_, text) => {
    const file = liveFile({ name: zipName(1), readBytes: () => Buffer.from(text) });
    expect(notLiveFile.check(evidence({ runs: [goodRun(1, { after: [file, ...withoutZip] })] }))).toMatchObject({
      verdict: 'inconclusive',
    });
  });

  test('passes with a live copy beside the zip of the run', () => {
    const runs = [goodRun(1, { after: [...goodBackup(1), liveFile()] })];
    expect(notLiveFile.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('says nothing where no run put a control database into the backup', () => {
    const runs = [run(), goodRun(2, { after: withoutZip }), goodRun(3, { after: [liveFile()], result: exited(1) })];
    expect(notLiveFile.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });
});
