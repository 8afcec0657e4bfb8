import { describe, expect, test } from 'vitest';
import type { ListedFile } from '../../../../conformance/journal/evidence.ts';
import { indexFiles } from '../../../../conformance/rules/coverage/index-files.ts';
import { exited, run, segmentName } from '../../../support/evidence.ts';
import { ask, goodSegmentRun, segmentEvidence, take } from '../../../support/segment-evidence.ts';

const check = indexFiles.check;
const base = segmentName(0).slice(0, 20);

function withoutFirstIndex(files: readonly ListedFile[]): ListedFile[] {
  return files.map((file) => (file.name === `${base}.index` ? { ...file, checksum: null, sizeBytes: null } : file));
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

  test('is inconclusive where none was listed, or no run claims to be good', () => {
    expect(check(segmentEvidence([run({ requests: [ask(1, { type: 'SNAPSHOT' })] })])).verdict).toBe('inconclusive');
    expect(check(segmentEvidence([run({ requests: [ask(1)], result: exited(1) })])).verdict).toBe('inconclusive');
  });
});
