import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../../conformance/journal/evidence.ts';
import type { BackupFile } from '../../../../conformance/journal/inventory.ts';
import { faithful } from '../../../../conformance/rules/copy/faithful.ts';
import { backupFile, exited, inventory, problem, restoration, run, segmentName } from '../../../support/evidence.ts';
import {
  ask,
  goodSegmentRun,
  goodSegments,
  overwrite,
  segmentEvidence,
  take,
} from '../../../support/segment-evidence.ts';

const check = faithful.check;
const changed = (name: string, values: Partial<BackupFile>, files = take(1)): BackupFile[] =>
  files.map((file) => (file.name === name ? { ...file, ...values } : file));

/** A run 2 on the node with other boundaries. */
const onNode2 = (after: BackupFile[]): RunRecord =>
  run({ run: 2, node: 'node-2', requests: [ask(2, { node: 'node-2' })], before: take(1), after });

describe('copy/faithful', () => {
  test('passes copies that are the same to the byte', () => {
    expect(check(segmentEvidence([goodSegmentRun(1)]))).toEqual({
      verdict: 'pass',
      judged: '6 copies of closed segments and their indexes',
    });
  });

  test('does not hold the index of a log against that of the events of its number', () => {
    const name = segmentName(26).replace('.events', '.index');
    const logIndex = backupFile({
      container: 'log/default',
      name,
      checksum: 'sha-log',
      recency: 99,
      what: { kind: 'log-index' },
    });
    const without = take(1).filter((file) => file.name !== name);
    for (const after of [take(1), without]) {
      const found = check(segmentEvidence([run({ requests: [ask(1)], after: [...after, logIndex] })]));
      expect(found).toEqual(check(segmentEvidence([run({ requests: [ask(1)], after })])));
      expect(found.verdict).toBe('pass');
    }
  });

  test('fails a copy that was cut short', () => {
    const after = changed(segmentName(26), { sizeBytes: 600, checksum: 'f'.repeat(64) });
    expect(check(segmentEvidence([run({ requests: [ask(1)], after })]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          atMs: Date.UTC(2024, 0, 1, 2, 0, 1),
          subject: `events/default/${segmentName(26)}`,
          expected:
            '1000 bytes with SHA-256 sha-00000000…, as GET /v1/backup/eventstore?targetContext=default&type=EVENT (request 1) named the file on node-1 at 2024-01-01T02:00:01.000Z',
          actual: '600 bytes with SHA-256 ffffffffffff…, last written in run 1',
        },
      ],
    });
  });

  /* A truncated .gz showed as a segment that was never copied, a log that was not there, and no word on the file itself. */
  test('tells of a file that does not unpack before all that is missing because of it', () => {
    const name = `${segmentName(26)}.gz`;
    const packed = backupFile({ container: 'events/default', name, sizeBytes: 300 });
    const files = [...take(1).filter((file) => file.name !== segmentName(26)), packed];
    const line = `${packed.path}: it does not unpack: unexpected end of file`;
    const broken = { ...run({ requests: [ask(1)] }), after: inventory(files, [line]) };
    const lacking = { ...broken, restoration: restoration({ problems: [problem('event-gap')] }) };
    expect(check(segmentEvidence([lacking]))).toMatchObject({
      verdict: 'fail',
      isTheReason: true,
      findings: [
        {
          run: 1,
          subject: packed.path,
          expected: expect.stringMatching(`^it unpacks to the 1000 bytes of ${segmentName(26)}, as GET`),
          actual: 'it does not unpack: unexpected end of file; it has 300 bytes, last written in run 1',
        },
      ],
    });
    // What is there all the same lacks nothing: then the broken file is none of the backup.
    expect(check(segmentEvidence([broken])).verdict).toBe('pass');
  });

  test('names the file in an archive that is broken, and leaves zips of control databases to their own rule', () => {
    const zip = backupFile({ path: 'controldb1.zip', what: { kind: 'control-db-zip' } });
    const lines = ['all.zip!events/a: its checksum is wrong', 'controldb1.zip: it is cut short'];
    const lacking = {
      ...run({ requests: [ask(1)], restoration: restoration({ problems: [problem('event-gap')] }) }),
      after: inventory([...take(1), zip], lines),
    };
    expect(check(segmentEvidence([lacking]))).toMatchObject({
      findings: [{ subject: 'all.zip!events/a', actual: 'its checksum is wrong' }],
    });
  });

  test.each([
    ['hard', 'a hard link to a file of the live server'],
    ['symbolic', 'a symbolic link that leads out of the backup'],
  ] as const)('fails a %s link, though it shows the right bytes, and tells of it once', (link, actual) => {
    const after = changed(segmentName(52), { link });
    const second = run({ run: 2, requests: [ask(1, { cursor: 26 })], before: after, after });
    const judgement = check(segmentEvidence([run({ requests: [ask(1)], after }), second]));
    expect(judgement).toHaveProperty('findings.length', 1);
    expect(judgement).toHaveProperty('findings.0.actual', actual);
  });

  test.each([
    [{ leadsTo: 'server', what: 'file' }, 'a symbolic link to a file of the live server'],
    [{ leadsTo: 'server', what: 'folder' }, 'a symbolic link to a folder of the live server'],
    [{ leadsTo: 'above-server', what: 'folder' }, 'a symbolic link to a folder that holds those of the live server'],
    [{ leadsTo: 'elsewhere', what: 'file' }, 'a symbolic link to a file that is not in the backup'],
    [{ leadsTo: 'server', what: 'mounted-folder' }, "a folder of the live server's, mounted there"],
  ] as const)('fails a link %o in a backup, and says that it is why others fail', (link, actual) => {
    const good = goodSegmentRun(1);
    const after = { ...good.after, linksOut: [{ path: 'events/default', ...link }] };
    const judgement = check(segmentEvidence([{ ...good, after }]));
    expect(judgement).toMatchObject({
      verdict: 'fail',
      isTheReason: true,
      findings: [{ subject: 'events/default', expected: 'a copy with bytes of its own', actual }],
    });
  });

  test('passes over a link to a folder that is no affair of the server: what is there is not in the backup', () => {
    const good = goodSegmentRun(1);
    const after = { ...good.after, linksOut: [{ path: 'latest', leadsTo: 'elsewhere', what: 'folder' } as const] };
    expect(check(segmentEvidence([{ ...good, after }])).verdict).toBe('pass');
  });

  test.each([
    [
      { linksOut: [{ path: '.', leadsTo: 'server', what: 'folder' }] },
      'a symbolic link to a folder of the live server',
    ],
    [{ linksOut: [{ path: '.', leadsTo: 'elsewhere', what: 'nothing' }] }, 'a symbolic link that leads nowhere'],
    [{ replacedBy: 'a pipe' }, 'a pipe in place of it'],
  ] as const)(
    'fails what stands in place of the backup folder (%o), whatever the run says of itself',
    (stands, actual) => {
      for (const exitCode of [0, 1]) {
        const replaced = run({ requests: [ask(1)], result: exited(exitCode) });
        const after = { files: [], unreadable: [], ...stands };
        expect(check(segmentEvidence([{ ...replaced, after }]))).toMatchObject({
          verdict: 'fail',
          isTheReason: true,
          findings: [{ run: 1, subject: 'BACKUP_DIR after run 1', actual }],
        });
      }
    },
  );

  test('fails a changed index, wherever a good one is not', () => {
    const name = `${segmentName(0).slice(0, 20)}.index`;
    const after = changed(name, { checksum: 'sha-other' });
    expect(check(segmentEvidence([run({ requests: [ask(1)], after })])).verdict).toBe('fail');
    const good = take(1).filter((file) => file.name === name);
    const beside = run({ requests: [ask(1)], after: [...good, ...after] });
    expect(check(segmentEvidence([beside])).verdict).toBe('pass');
  });

  test('holds a copy that was listed in an earlier run to what it was then', () => {
    const damaged = changed(segmentName(0), { checksum: 'sha-damaged', writtenInRun: 2 }, goodSegments(2));
    const judgement = check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2, { after: damaged })]));
    expect(judgement).toHaveProperty('findings.0.subject', `events/default/${segmentName(0)}`);
  });

  test('holds the newest copy alone to it', () => {
    const old = changed(segmentName(26), { checksum: 'sha-old', recency: 0, path: 'old/26', container: 'old' });
    const evidence = segmentEvidence([run({ requests: [ask(1)], after: [...take(1), ...old] })]);
    expect(check(evidence).verdict).toBe('pass');
  });

  test('holds a segment of another node to what that node listed', () => {
    const replaced = overwrite(take(1), take(2, { node: 'node-2' }));
    expect(check(segmentEvidence([goodSegmentRun(1), onNode2(replaced)])).verdict).toBe('pass');
    expect(check(segmentEvidence([goodSegmentRun(1), onNode2(take(1))])).verdict).toBe('fail');
  });

  /* A node that was down while the others rolled: what is closed there is still open here, and an older endpoint lists no open one. */
  test('does not hold the open segment of one node against what another had closed', () => {
    const behind = { node: 'node-2', state: { closed: [0], open: 26, openAs: 'run-2-on-node-2' } } as const;
    const copies = overwrite(take(1), take(2, behind));
    const asked = [ask(2, { ...behind, closedOnly: true })];
    const later = run({ run: 2, node: 'node-2', requests: asked, before: take(1), after: copies });
    expect(check(segmentEvidence([goodSegmentRun(1), later])).verdict).toBe('pass');
  });

  test('does not hold an open segment to anything', () => {
    const after = changed(segmentName(52), { checksum: 'sha-grown' });
    expect(check(segmentEvidence([run({ requests: [ask(1)], after })])).verdict).toBe('pass');
    // A node that lags behind lists as open what another has closed; whoever backs it up has it as it is there.
    const behind = { closed: [0], open: 26, openAs: 'behind' };
    const lagging = run({
      run: 2,
      node: 'node-3',
      requests: [ask(1, { node: 'node-3', state: behind })],
      before: take(1),
      after: overwrite(take(1), take(1, { node: 'node-3', state: behind })),
    });
    expect(check(segmentEvidence([goodSegmentRun(1), lagging])).verdict).toBe('pass');
  });

  test('lets a segment that closes while the run is under way wait for the next', () => {
    expect(check(segmentEvidence([run({ requests: [ask(1), ask(2)], after: take(1) })])).verdict).toBe('pass');
  });

  test('is inconclusive where nothing is there to compare, or no run claims to be good', () => {
    expect(check(segmentEvidence([run({ requests: [ask(1)] })])).verdict).toBe('inconclusive');
    const cut = changed(segmentName(26), { checksum: 'sha-cut' });
    const failed = run({ requests: [ask(1)], after: cut, result: exited(1) });
    expect(check(segmentEvidence([failed])).verdict).toBe('inconclusive');
  });
});
