import { describe, expect, test } from 'vitest';
import type { ListedFile, RunRecord } from '../../../../conformance/journal/evidence.ts';
import type { BackupFile } from '../../../../conformance/journal/inventory.ts';
import { indexFiles } from '../../../../conformance/rules/coverage/index-files.ts';
import type { ClusterEvent } from '../../../../server/index.ts';
import {
  backupFile,
  exited,
  listedFile,
  logFile,
  logListing,
  logName,
  run,
  segmentName,
} from '../../../support/evidence.ts';
import { ask, clusterEvents, goodSegmentRun, segmentEvidence, take } from '../../../support/segment-evidence.ts';

const check = indexFiles.check;
const base = segmentName(0).slice(0, 20);

function withoutFirstIndex(files: readonly ListedFile[]): ListedFile[] {
  return files.map((file) => (file.name === `${base}.index` ? { ...file, checksum: null, sizeBytes: null } : file));
}

const logIndexName = (firstIndex: number): string => logName(firstIndex).replace('.log', '.index');

/** The log as a release up to 4.5.17 lists it: closed segments, each with its index. */
const listedLog = [101, 26].flatMap((firstIndex) => [
  listedFile(logName(firstIndex)),
  listedFile(logIndexName(firstIndex), { checksum: `sha-log-${logIndexName(firstIndex)}` }),
]);

function logIndex(firstIndex: number, values: Partial<BackupFile> = {}): BackupFile {
  const name = logIndexName(firstIndex);
  return backupFile({
    container: 'log/default',
    name,
    checksum: `sha-log-${name}`,
    what: { kind: 'log-index' },
    ...values,
  });
}

/** A run that has listed the log, and has this beside the events and the log itself. */
function logRun(indexes: readonly BackupFile[], after: readonly BackupFile[] = take(1)): RunRecord {
  const logs = [101, 26].map((firstIndex) => logFile('default', firstIndex));
  return run({ requests: [logListing('default', listedLog), ask(1)], after: [...after, ...logs, ...indexes] });
}

describe('coverage/index-files', () => {
  test('passes where all that are listed are there', () => {
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2)]))).toEqual({
      verdict: 'pass',
      judged: '10 listed index and bloom filter files',
    });
  });

  test('fails a client that copies segments alone', () => {
    const after = take(1).filter(({ name }) => name.endsWith('.events'));
    expect(check(segmentEvidence([run({ requests: [ask(1)], after })]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          atMs: Date.UTC(2024, 0, 1, 2, 0, 1),
          subject: 'GET /v1/backup/eventstore?targetContext=default&type=EVENT (request 1)',
          expected: 'the 4 index and bloom filter files of the events of context default that are listed',
          actual: `4 of them are not in the backup: ${base}.bloom, ${base}.index, ${segmentName(26).slice(0, 20)}.bloom and so on`,
        },
      ],
    });
  });

  /* A server builds none below a good one, and reads by aggregate leave that segment out without a word. */
  test('fails as a must does where one is missing below a good one, and not where it is above all of them', () => {
    const lacking = (place: number): BackupFile[] => {
      const number = segmentName(place).slice(0, 20);
      return take(1).filter(({ name }) => name !== `${number}.index` && name !== `${number}.bloom`);
    };
    const below = check(segmentEvidence([run({ requests: [ask(1)], after: lacking(0) })]));
    expect(below).toMatchObject({
      verdict: 'fail',
      level: 'must',
      findings: [{ actual: expect.stringContaining('below them a server builds none') }],
    });
    const above = check(segmentEvidence([run({ requests: [ask(1)], after: lacking(26) })]));
    expect(above).toMatchObject({ verdict: 'fail' });
    expect(above).not.toHaveProperty('level');
  });

  test('does not ask for a listed index that does not exist', () => {
    const after = take(1).filter(({ name }) => name !== `${base}.index`);
    expect(check(segmentEvidence([run({ requests: [ask(1, { reshape: withoutFirstIndex })], after })])).verdict).toBe(
      'pass',
    );
  });

  test('lets those that come while the run is under way wait for the next', () => {
    const first = run({ requests: [ask(1), ask(2)], after: take(1) });
    expect(check(segmentEvidence([first])).verdict).toBe('pass');
  });

  test('asks for the indexes of a log that are listed, wherever they lie', () => {
    for (const container of ['log/default', 'indexes', 'all.tar']) {
      const indexes = [101, 26].map((firstIndex) => logIndex(firstIndex, { container }));
      expect(check(segmentEvidence([logRun(indexes)]))).toEqual({
        verdict: 'pass',
        judged: '6 listed index and bloom filter files',
      });
    }
    expect(check(segmentEvidence([logRun([logIndex(101)])]))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          subject: 'GET /v1/backup/log/filenames?context=default (request 1)',
          expected: 'the 2 index files of the log of default that are listed',
          actual: `1 of them are not in the backup: ${logIndexName(26)}`,
        },
      ],
    });
  });

  test('asks for no index that went with its segment, and for none of an older listing', () => {
    const cleaned: ClusterEvent = {
      atMs: logRun([]).endMs,
      kind: 'log-cleaned',
      node: 'node-1',
      group: 'default',
      removed: [26],
      firstIndex: 101,
    };
    const vanished = segmentEvidence([logRun([logIndex(101)])], { events: [...clusterEvents, cleaned] });
    expect(check(vanished).verdict).toBe('pass');
    const twice = run({
      requests: [logListing('default', listedLog), logListing('default', listedLog.slice(0, 2)), ask(1)],
      after: [...take(1), logFile('default', 101), logIndex(101)],
    });
    expect(check(segmentEvidence([twice])).verdict).toBe('pass');
  });

  // In one folder for all, one of two files of the same name is lost; found by its name, the other one passed for it.
  test('does not take the index of a log for that of events, nor the other way round', () => {
    const indexes = [logIndex(101), logIndex(26)];
    const overwritten = take(1).filter(({ name }) => name !== logIndexName(26));
    expect(check(segmentEvidence([logRun(indexes, overwritten)]))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          actual: `1 of them are not in the backup: ${logIndexName(26)}`,
          subject: expect.stringContaining('/eventstore'),
        },
      ],
    });
    const left = [logIndex(101), ...take(1).filter(({ name }) => name === logIndexName(26))];
    expect(check(segmentEvidence([logRun(left)]))).toMatchObject({
      findings: [{ subject: expect.stringContaining('/log/filenames') }],
    });
  });

  test('is inconclusive where none was listed, or no run claims to be good', () => {
    expect(check(segmentEvidence([run({ requests: [ask(1, { type: 'SNAPSHOT' })] })])).verdict).toBe('inconclusive');
    expect(check(segmentEvidence([run({ requests: [ask(1)], result: exited(1) })])).verdict).toBe('inconclusive');
  });
});
