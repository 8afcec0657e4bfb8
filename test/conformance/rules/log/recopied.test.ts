import { describe, expect, test } from 'vitest';
import { recopied } from '../../../../conformance/rules/log/recopied.ts';
import {
  backupFile,
  copiedLog,
  evidence,
  exited,
  goodBackup,
  goodRequests,
  goodRun,
  listedFile,
  listedLog,
  logFile,
  logListing,
  logName,
  post,
} from '../../../support/evidence.ts';

describe('log/recopied', () => {
  test('passes where the log is copied anew', () => {
    expect(recopied.check(evidence({ runs: [goodRun(1), goodRun(2)] }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where files that are already there are skipped', () => {
    const skipped = goodBackup(2).map((file) =>
      file.path === `log/default/${logName(101)}` ? { ...file, writtenInRun: 1, checksum: 'sha-open-in-run-1' } : file,
    );
    expect(recopied.check(evidence({ runs: [goodRun(1), goodRun(2, { after: skipped })] }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 2,
          subject: `log/default/${logName(101)}`,
          expected: 'copied anew, for GET /v1/backup/log/filenames?context=default (request 103) names it',
          actual: 'left as run 1 wrote it; the listed file had other bytes',
        },
      ],
    });
  });

  /* `rsync --checksum` compares bytes and keeps an equal copy; it failed for having skipped what was there. */
  test('passes where a copy is kept that has the bytes of the listing', () => {
    const after = goodBackup(2).map((file) => (file.name === logName(1) ? { ...file, writtenInRun: 1 } : file));
    expect(recopied.check(evidence({ runs: [goodRun(1), goodRun(2, { after })] }))).toMatchObject({ verdict: 'pass' });
  });

  /* A client listed again behind its copying, to see whether a name had gone, and failed: the open file had grown by then. */
  test.each<readonly [what: string, passes: boolean, at: 'copied' | 'before the POST' | 'on another node']>([
    ['had when it was listed and copied', true, 'copied'],
    ['had before the POST', false, 'before the POST'],
    ['had on another node', false, 'on another node'],
  ])('of a log that was listed twice, a copy may have the bytes that the open file %s: %s', (_, passes, at) => {
    const open = listedFile(logName(101), { isOpen: true, checksum: 'sha-open-in-run-1' });
    const first = logListing(
      'default',
      [listedFile(logName(1)), open],
      at === 'on another node' ? { node: 'node-2' } : {},
    );
    const [own = post(), ...others] = goodRequests(2);
    const requests = at === 'before the POST' ? [first, own, ...others] : [own, first, ...others];
    const after = goodBackup(2).map((file) =>
      file.path === `log/default/${logName(101)}` ? { ...file, checksum: 'sha-open-in-run-1' } : file,
    );
    const runs = [goodRun(1), goodRun(2, { requests, after })];
    expect(recopied.check(evidence({ runs }))).toMatchObject({ verdict: passes ? 'pass' : 'fail' });
  });

  test('fails where the last copy is written once more, in place of the file of the server', () => {
    const after = goodBackup(2).map((file) =>
      file.path === `log/default/${logName(101)}` ? { ...file, checksum: 'sha-open-in-run-1' } : file,
    );
    expect(recopied.check(evidence({ runs: [goodRun(1), goodRun(2, { after })] }))).toMatchObject({
      verdict: 'fail',
      findings: [{ run: 2, actual: 'it has the bytes of the last copy, and the listed file had others' }],
    });
  });

  test('lets the index of a closed segment stay, which never changes', () => {
    const name = logName(1).replace('.log', '.index');
    const index = backupFile({ container: 'log/default', name, what: { kind: 'log-index' } });
    const requests = [post(), logListing('default', [...listedLog(2), listedFile(name)])];
    const second = goodRun(2, {
      requests,
      before: [...goodBackup(1), index],
      after: [...goodBackup(2), index],
    });
    expect(recopied.check(evidence({ runs: [goodRun(1), second] }))).toMatchObject({ verdict: 'pass' });
  });

  test('says nothing of a first run, of files that are missing, and of runs that claim nothing', () => {
    const runs = [
      goodRun(1),
      goodRun(2, { after: [] }),
      goodRun(3, { before: copiedLog('default', 1), after: copiedLog('default', 1), result: exited(1) }),
    ];
    expect(recopied.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test.each([
    ['a folder for each run', { container: 'run-2' }],
    ['an archive for each run', { container: 'run-2.tar', path: 'run-2.tar!x' }],
  ])('passes with %s, beside the old one', (_, values) => {
    const after = [
      ...goodBackup(1),
      logFile('default', 1, { writtenInRun: 2, ...values }),
      logFile('default', 101, { writtenInRun: 2, ...values }),
    ];
    expect(recopied.check(evidence({ runs: [goodRun(2, { after, groups: ['default'] })] }))).toMatchObject({
      verdict: 'pass',
    });
  });
});
