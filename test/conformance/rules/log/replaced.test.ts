import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../../../server/index.ts';
import { replaced } from '../../../../conformance/rules/log/replaced.ts';
import {
  backupFile,
  copiedLog,
  evidence,
  exited,
  goodBackup,
  goodRequests,
  goodRun,
  listedFile,
  logFile,
  logListing,
  logName,
  post,
  run,
  zipFile,
} from '../../../support/evidence.ts';

/** The second run, when 1 and 101 are gone from the server and it lists 201 and the open 301. */
const later = [listedFile(logName(201)), listedFile(logName(301), { isOpen: true })];
const laterCopies = [logFile('default', 201, { writtenInRun: 2 }), logFile('default', 301, { writtenInRun: 2 })];
const laterRequests = [post(), logListing('default', later)];

const startMs = goodRun(1).startMs;

function cleaned(values: Partial<Extract<ClusterEvent, { kind: 'log-cleaned' }>> = {}): ClusterEvent {
  return {
    atMs: startMs + 4000,
    kind: 'log-cleaned',
    node: 'node-1',
    group: 'default',
    removed: [1],
    firstIndex: 101,
    ...values,
  };
}

describe('log/replaced', () => {
  test('passes where the log is what was listed last', () => {
    const second = goodRun(2, { requests: laterRequests, after: laterCopies });
    expect(replaced.check(evidence({ runs: [goodRun(1), second] }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where the files of an earlier run lie beside the new ones', () => {
    const after = [...copiedLog('default', 1), ...laterCopies];
    expect(replaced.check(evidence({ runs: [goodRun(2, { requests: laterRequests, after })] }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 2,
          subject: `log/default/${logName(1)}`,
          expected:
            'of the log of default nothing but the files of GET /v1/backup/log/filenames?context=default (request 102)',
          actual: 'this file is not among them; run 1 wrote it',
        },
        { subject: `log/default/${logName(101)}` },
      ],
    });
  });

  test('takes the log of a run beside, which asked last and was over first, and no half of it', () => {
    const inner = goodRun(2, { requests: laterRequests, after: laterCopies });
    const outer = goodRun(3, { startMs: inner.startMs - 1000, endMs: inner.endMs + 1000, after: laterCopies });
    expect(replaced.check(evidence({ runs: [inner, outer] }))).toMatchObject({ verdict: 'pass' });
    const half = { ...outer, after: { ...outer.after, files: laterCopies.slice(1) } };
    expect(replaced.check(evidence({ runs: [inner, half] }))).toMatchObject({ verdict: 'fail' });
  });

  test('fails where a file is missing', () => {
    const runs = [goodRun(2, { requests: laterRequests, after: laterCopies.slice(1) })];
    expect(replaced.check(evidence({ runs }))).toMatchObject({
      findings: [{ subject: `/axonserver/${logName(201)}`, actual: 'there is no copy of it in log/default' }],
    });
  });

  test('fails where a closed file has other bytes', () => {
    const after = [
      logFile('default', 201, { writtenInRun: 2, checksum: 'sha-half', sizeBytes: 400 }),
      ...laterCopies.slice(1),
    ];
    expect(replaced.check(evidence({ runs: [goodRun(2, { requests: laterRequests, after })] }))).toMatchObject({
      findings: [{ subject: `log/default/${logName(201)}`, actual: '400 bytes, and other ones; run 2 wrote them' }],
    });
  });

  test('says nothing where no log is in the backup, or nothing is claimed', () => {
    const runs = [
      goodRun(1, { after: [zipFile()] }),
      run({ run: 2, requests: [post()], after: copiedLog('default', 1) }),
      goodRun(3, { after: copiedLog('default', 1), result: exited(1) }),
    ];
    expect(replaced.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test('leaves a file that vanished after the listing to another rule', () => {
    const after = goodBackup(1).filter(({ path }) => path !== `log/default/${logName(1)}`);
    const runs = [goodRun(1, { after })];
    expect(replaced.check(evidence({ runs, events: [cleaned()] }))).toMatchObject({ verdict: 'pass' });
    for (const other of [{ node: 'node-2' }, { group: '_admin' }, { removed: [101] }, { atMs: startMs }]) {
      expect(replaced.check(evidence({ runs, events: [cleaned(other)] }))).toMatchObject({ verdict: 'fail' });
    }
  });

  test.each([
    ['a folder for each run', [...copiedLog('default', 1, { container: 'run-1' }), ...laterCopies]],
    [
      'an archive for each run',
      laterCopies.map((file) => ({ ...file, container: 'run-2.tar', path: `run-2.tar!default/${file.name}` })),
    ],
    [
      'all groups and everything else in one folder',
      [...laterCopies, ...copiedLog('_admin', 1), zipFile()].map((file) => ({ ...file, container: 'all' })),
    ],
    [
      'the open file as it was when it had grown',
      laterCopies.map((file) => ({ ...file, checksum: 'sha-grown' })).slice(1),
    ],
    [
      'a first copy that was overwritten',
      [logFile('default', 201, { recency: 0, checksum: 'sha-half' }), ...laterCopies],
    ],
  ])('passes with %s', (name, after) => {
    const files = name.startsWith('the open file') ? later.slice(1) : later;
    const runs = [goodRun(2, { requests: [post(), logListing('default', files)], after })];
    expect(replaced.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('passes where a file is listed in two spellings, and one of another kind beside it', () => {
    const odd = [
      ...later,
      { ...later[0], path: `/axonserver/./${logName(201)}` },
      listedFile('00000000000000000201.index'),
    ];
    const requests = [post(), logListing('default', odd as typeof later)];
    expect(replaced.check(evidence({ runs: [goodRun(2, { requests, after: laterCopies })] }))).toMatchObject({
      verdict: 'pass',
    });
  });

  test('passes with an index file of a segment that is gone, at which no start looks', () => {
    const index = backupFile({
      container: 'log/default',
      name: '00000000000000000101.index',
      what: { kind: 'log-index' },
    });
    const runs = [goodRun(2, { requests: laterRequests, after: [...laterCopies, index] })];
    expect(replaced.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('passes with a segment that the node began after the listing, and fails with one that it did not', () => {
    const after = [...laterCopies, logFile('default', 401, { writtenInRun: 2 })];
    const runs = [goodRun(2, { requests: laterRequests, after })];
    const begun = { kind: 'log-segment-created' as const, node: 'node-1', group: 'default', firstIndex: 401 };
    const atMs = goodRun(2).startMs + 2500;
    expect(replaced.check(evidence({ runs, events: [{ ...begun, atMs }] }))).toMatchObject({ verdict: 'pass' });
    expect(replaced.check(evidence({ runs }))).toMatchObject({ verdict: 'fail' });
  });

  test('knows a log that does not tell its group by its folder, or by its bytes', () => {
    const what = { kind: 'log' as const, group: null, firstIndex: 301 };
    for (const container of ['log/default', 'elsewhere']) {
      const open = logFile('default', 301, {
        what,
        container,
        writtenInRun: 2,
        checksum: `sha-${logName(301)}-while-open`,
      });
      const closed = { ...logFile('default', 201, { writtenInRun: 2, container }) };
      const runs = [goodRun(2, { requests: laterRequests, after: [closed, open] })];
      expect(replaced.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
      const requests = goodRequests(2);
      const inAdmin = goodRun(2, { requests, after: [logFile('_admin', 1, { what, container: 'log/_admin' })] });
      expect(replaced.check(evidence({ runs: [inAdmin] }))).toMatchObject({ verdict: 'fail' });
    }
  });
});
