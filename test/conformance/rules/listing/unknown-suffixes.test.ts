import { describe, expect, test } from 'vitest';
import type { ListedFile } from '../../../../conformance/journal/evidence.ts';
import { unknownSuffixes } from '../../../../conformance/rules/listing/unknown-suffixes.ts';
import { backupFile, exited, listedFile, run, segmentName } from '../../../support/evidence.ts';
import { ask, goodSegmentRun, segmentEvidence, take } from '../../../support/segment-evidence.ts';

const check = unknownSuffixes.check;
const nameOf = (segment: number) => `${segmentName(segment).slice(0, 20)}.nindex`;
const adding =
  (...added: readonly ListedFile[]) =>
  (files: readonly ListedFile[]) => [...files, ...added];
const reshape = adding(listedFile(nameOf(0)), listedFile(nameOf(26)));
const strangers = [nameOf(0), nameOf(26)].map((name) => backupFile({ name, container: 'events/default' }));

describe('listing/unknown-suffixes', () => {
  test('passes where files of unknown kinds are there', () => {
    const first = run({ requests: [ask(1, { reshape })], after: [...take(1), ...strangers] });
    expect(check(segmentEvidence([first]))).toEqual({ verdict: 'pass', judged: '2 listed files of unknown kinds' });
  });

  test('fails what was left behind, and tells of it once', () => {
    const after = [...take(1), ...strangers.slice(0, 1)];
    const runs = [1, 2].map((number) => run({ run: number, requests: [ask(1, { reshape })], after }));
    expect(check(segmentEvidence(runs))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          atMs: Date.UTC(2024, 0, 1, 2, 0, 1),
          subject: 'GET /v1/backup/eventstore?targetContext=default&type=EVENT (request 1)',
          expected: `${nameOf(26)} in the backup, with the 1000 bytes that it has on node-1`,
          actual: 'no file of that name',
        },
      ],
    });
  });

  test('fails a file of that name with other bytes, but for one that changes all the time', () => {
    const listing = (number: number, name: string, checksum: string) =>
      ask(number, { reshape: adding(listedFile(name, { checksum })) });
    const copyOf = (name: string) => backupFile({ name, checksum: 'sha-in-between', writtenInRun: 2 });
    const other = '00000000000000000000.zmap';
    const constant = [run({ run: 2, requests: [listing(1, other, 'sha-a')], after: [copyOf(other)] })];
    expect(check(segmentEvidence(constant))).toHaveProperty(
      'findings.0.actual',
      'a file of that name with other bytes',
    );
    const twice = [listing(1, other, 'sha-a'), listing(2, other, 'sha-b')];
    expect(check(segmentEvidence([run({ run: 2, requests: twice, after: [copyOf(other)] })])).verdict).toBe('pass');
    const xref = 'global-index-00000.xref';
    const asked = { run: 2, requests: [listing(1, xref, 'sha-a')] };
    expect(check(segmentEvidence([run({ ...asked, after: [copyOf(xref)] })])).verdict).toBe('pass');
    const older = backupFile({ name: xref, checksum: 'sha-of-once', writtenInRun: 1 });
    expect(check(segmentEvidence([run({ ...asked, after: [older] })])).verdict).toBe('fail');
  });

  test('does not ask for a file that does not exist, or came while the run was under way', () => {
    const gone = ask(1, { reshape: adding(listedFile(nameOf(0), { checksum: null, sizeBytes: null })) });
    expect(check(segmentEvidence([run({ requests: [gone] })])).verdict).toBe('inconclusive');
    const late = ask(2, { reshape: adding(listedFile(nameOf(52))) });
    expect(check(segmentEvidence([run({ requests: [ask(1), late] })])).verdict).toBe('inconclusive');
  });

  test('is inconclusive where every suffix is known, or no run claims to be good', () => {
    expect(check(segmentEvidence([goodSegmentRun(1)])).verdict).toBe('inconclusive');
    const failed = run({ requests: [ask(1, { reshape })], result: exited(1) });
    expect(check(segmentEvidence([failed])).verdict).toBe('inconclusive');
  });
});
