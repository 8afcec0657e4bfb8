import { describe, expect, test } from 'vitest';
import { returnedFile } from '../../../../conformance/rules/control-db/returned-file.ts';
import {
  ended,
  evidence,
  exited,
  failing,
  goodBackup,
  goodRequests,
  goodRun,
  listedFile,
  post,
  run,
  zipFile,
  zipName,
} from '../../../support/evidence.ts';

const withoutZip = goodBackup(1).slice(1);

describe('control-db/returned-file', () => {
  test('passes where the zip of each run is in the backup', () => {
    expect(returnedFile.check(evidence({ runs: [goodRun(1), goodRun(2)] }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where the zip was not copied', () => {
    expect(returnedFile.check(evidence({ runs: [goodRun(1, { after: withoutZip })] }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          subject: `${zipName(1)}, the answer to POST /v1/backup/createControlDbBackup (request 1)`,
          actual: 'at 2024-01-01T02:00:06.000Z the backup holds no control database at all',
        },
      ],
    });
  });

  test('fails where the zip of an earlier run is copied again', () => {
    const after = [zipFile(zipName(1), { writtenInRun: 2 }), ...goodBackup(2).slice(1)];
    expect(returnedFile.check(evidence({ runs: [goodRun(1), goodRun(2, { after })] }))).toMatchObject({
      verdict: 'fail',
      findings: [{ run: 2, actual: expect.stringContaining(`only control-db/${zipName(1)}`) }],
    });
  });

  test('fails where the zip was cut short', () => {
    const after = [zipFile(zipName(1), { checksum: 'sha-half', sizeBytes: 400 }), ...withoutZip];
    expect(returnedFile.check(evidence({ runs: [goodRun(1, { after })] }))).toMatchObject({
      findings: [{ actual: `control-db/${zipName(1)} has other bytes: 400 of them, where the server's file has 1000` }],
    });
  });

  test('fails where the zip is a link to that of the server', () => {
    const after = [zipFile(zipName(1), { link: 'symbolic' }), ...withoutZip];
    expect(returnedFile.check(evidence({ runs: [goodRun(1, { after })] }))).toMatchObject({
      findings: [{ actual: expect.stringContaining('is a symbolic link') }],
    });
  });

  test('says nothing of runs that were given no zip, or claim nothing', () => {
    const runs = [
      run({ requests: [failing(post())] }),
      run({ run: 2, requests: [post()], result: exited(1) }),
      run({ run: 3, requests: [post()], result: ended(), wasKilled: true }),
      run({ run: 4, requests: [post(listedFile('<html>', { checksum: null, sizeBytes: null }), { fault: 'body' })] }),
    ];
    expect(returnedFile.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test.each([
    ['another name', [zipFile('control-database.zip', { checksum: `sha-${zipName(1)}` })]],
    ['its place in an archive', [zipFile(zipName(1), { container: 'run-1.tar', path: `run-1.tar!${zipName(1)}` })]],
    ['all older zips beside it', [zipFile(zipName(1)), zipFile(zipName(0)), zipFile(zipName(-1))]],
  ])('passes with the zip under %s', (_, zips) => {
    const runs = [goodRun(1, { after: [...zips, ...withoutZip] })];
    expect(returnedFile.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('passes with the zip of either of two POSTs', () => {
    const requests = [post('controldb1.zip'), post('controldb2.zip'), ...goodRequests(1).slice(1)];
    for (const name of ['controldb1.zip', 'controldb2.zip']) {
      const runs = [goodRun(1, { requests, after: [zipFile(name), ...withoutZip] })];
      expect(returnedFile.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
    }
  });
});
