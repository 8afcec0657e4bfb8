import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../../../server/index.ts';
import type { RunRecord } from '../../../../conformance/journal/evidence.ts';
import type { BackupFile } from '../../../../conformance/journal/inventory.ts';
import { locationNotLive } from '../../../../conformance/rules/dcb/location-not-live.ts';
import { pushed } from '../../../../conformance/rules/dcb/pushed.ts';
import { waitsForFinished } from '../../../../conformance/rules/dcb/waits-for-finished.ts';
import { evidence, exited, firstMs, run, type RequestSketch } from '../../../support/evidence.ts';

const startMs = firstMs + 2 * 3_600_000;
const about = { node: 'node-1', context: 'billing', location: 'BACKUP_DIR/dcb', id: 'a1' };
const started: ClusterEvent = {
  atMs: startMs + 1000,
  kind: 'dcb-backup-started',
  ...about,
  message: '',
  isLive: false,
};
const files = ['00000000000000000000.events', 'index/CURRENT', 'labels/CURRENT'].map((path) => ({
  path,
  sizeBytes: 10,
  checksum: `sum of ${path.split('/').at(-1)}`,
}));
const finished: ClusterEvent = {
  atMs: startMs + 2000,
  kind: 'dcb-backup-finished',
  ...about,
  fileCount: files.length,
  files,
};

/** A copy of a file, in the place that it has below the folder of the context. */
function copyOf(path: string, root = 'run-1/dcb/billing', checksum = `sum of ${path.split('/').at(-1)}`): BackupFile {
  const whole = `${root}/${path}`;
  const name = path.split('/').at(-1) ?? '';
  return {
    path: whole,
    name,
    container: whole.slice(0, -name.length - 1),
    sizeBytes: 10,
    checksum,
    link: 'none',
    writtenInRun: 1,
    recency: 1,
    what: { kind: 'other' },
    readBytes: () => Buffer.alloc(10),
  };
}

/** An answer that tells of the backup. */
const told = (state: string | null, id = 'a1'): RequestSketch['answer'] => ({ kind: 'other', pushes: [{ id, state }] });
const post: RequestSketch = { method: 'POST', path: '/v2/backup', atMs: startMs + 1000, answer: told(null) };
const asked: RequestSketch = {
  method: 'GET',
  path: '/v2/backup/a1',
  atMs: startMs + 3000,
  answer: told('FINISHED'),
};
const all = files.map(({ path }) => copyOf(path));

/** A run with a context to have written, which asked this and left that. */
function dcbRun(
  requests: readonly RequestSketch[],
  ofDcb: readonly BackupFile[],
  values: Partial<RunRecord> = {},
): RunRecord {
  const made = run({ startMs, endMs: startMs + 10_000, dcbContexts: ['billing'], requests });
  return { ...made, ...values, after: { ...made.after, ofDcb } };
}

const good = dcbRun([post, asked], all);

describe('dcb/pushed', () => {
  test('passes where the server took the POST for each context', () => {
    expect(pushed.check(evidence({ runs: [good], events: [started, finished] }))).toMatchObject({ verdict: 'pass' });
  });

  test('has nothing to judge where there is no such context, or the run claims nothing', () => {
    expect(pushed.check(evidence())).toMatchObject({ verdict: 'inconclusive' });
    const failed = dcbRun([], [], { result: exited(1) });
    expect(pushed.check(evidence({ runs: [failed] }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test('fails where nothing was asked for, and where it was another run that asked', () => {
    const before = { ...started, atMs: startMs - 1000 };
    for (const events of [[], [before]]) {
      expect(pushed.check(evidence({ runs: [dcbRun([], [])], events }))).toMatchObject({
        verdict: 'fail',
        findings: [{ subject: 'the context billing in run 1', actual: expect.stringContaining('no POST /v2/backup') }],
      });
    }
  });

  test('fails where a lock of the live folder is in the backup, whatever was asked for beside that', () => {
    const runs = [dcbRun([post, asked], [...all, copyOf('index/LOCK', 'run-1/events/billing')])];
    expect(pushed.check(evidence({ runs, events: [started, finished] }))).toMatchObject({
      verdict: 'fail',
      findings: [{ actual: expect.stringMatching(/^run-1\/events\/billing\/index\/LOCK is in the backup/) }],
    });
  });
});

describe('dcb/waits-for-finished', () => {
  const judged = (one: RunRecord, events: readonly ClusterEvent[] = [started, finished]) =>
    waitsForFinished.check(evidence({ runs: [one], events }));

  test.each<[layout: string, root: string]>([
    ['a folder', 'run-1/dcb/billing'],
    ['the backup folder itself', 'billing'],
    ['an archive', 'run-1.tar.gz!dcb/billing'],
    ['an archive without folders around it', 'run-1.tar!billing'],
  ])('passes where FINISHED was told, and all is there, in %s', (_layout, root) => {
    const copies = files.map(({ path }) => copyOf(path, root));
    expect(judged(dcbRun([post, asked], copies))).toMatchObject({ verdict: 'pass' });
  });

  test('passes where all states were asked for at once', () => {
    expect(judged(dcbRun([post, { ...asked, path: '/v2/backup' }], all))).toMatchObject({ verdict: 'pass' });
  });

  test('passes where FINISHED came late', () => {
    expect(judged(dcbRun([post, { ...asked, fault: 'delay 20ms' }], all))).toMatchObject({ verdict: 'pass' });
  });

  test('passes where another run has its own written meanwhile, of which this one knows nothing', () => {
    const others = ['started', 'finished'].map((part, place): ClusterEvent => {
      const event = part === 'started' ? started : finished;
      return { ...event, id: 'b2', atMs: startMs + 4000 + place * 1000 };
    });
    expect(judged(good, [started, finished, ...others])).toMatchObject({ verdict: 'pass' });
    // Nor where it is told of by a list of the states of all.
    const pushes = ['a1', 'b2'].map((id) => ({ id, state: 'FINISHED' }));
    const list: RequestSketch = {
      ...asked,
      path: '/v2/backup',
      atMs: startMs + 6000,
      answer: { kind: 'other', pushes },
    };
    expect(judged(dcbRun([post, list], all), [started, finished, ...others])).toMatchObject({ verdict: 'pass' });
  });

  test('fails where the id never came, and the run goes on as if it had nothing to wait for', () => {
    const lost: RequestSketch = { ...post, atMs: startMs + 1001, fault: 'cut half', answer: { kind: 'other' } };
    expect(judged(dcbRun([lost], []))).toMatchObject({
      verdict: 'fail',
      findings: [{ actual: expect.stringContaining('never asked for its state') }],
    });
  });

  test.each<[what: string, one: RunRecord, events: readonly ClusterEvent[], actual: string]>([
    ['the run ends first', good, [started], 'the run ended while the server was still writing'],
    [
      'the server fails',
      good,
      [started, { ...started, kind: 'dcb-backup-failed', atMs: startMs + 2000, message: 'the disk is full' }],
      'it failed, and the run ended with 0',
    ],
    ['nobody asks', dcbRun([post], all), [started, finished], 'the run never asked for its state'],
    [
      'the last question came before the end',
      dcbRun([post, { ...asked, atMs: startMs + 1500 }], all),
      [started, finished],
      'the run never asked for its state',
    ],
    [
      'a fault stands for the answer',
      dcbRun([post, { ...asked, fault: 'body', answer: { kind: 'other' } }], all),
      [started, finished],
      'the run never asked for its state',
    ],
    ['a file is missing', dcbRun([post, asked], all.slice(1)), [started, finished], '1 of 3 files are missing'],
    [
      'a file is another one',
      dcbRun([post, asked], [...all.slice(1), copyOf('00000000000000000000.events', 'run-1/dcb/billing', 'half')]),
      [started, finished],
      '1 of 3 files are missing',
    ],
    [
      'the parts lie in each other',
      dcbRun(
        [post, asked],
        files.map(({ path }) => copyOf(path.split('/').at(-1) ?? '')),
      ),
      [started, finished],
      '2 of 3 files are missing',
    ],
    [
      'each half lies in another place',
      dcbRun([post, asked], [copyOf('00000000000000000000.events', 'a/billing'), ...all.slice(1)]),
      [started, finished],
      '1 of 3 files are missing',
    ],
  ])('fails where %s', (_what, one, events, actual) => {
    expect(judged(one, events)).toMatchObject({
      verdict: 'fail',
      findings: [{ actual: expect.stringContaining(actual) }],
    });
  });
});

describe('dcb/location-not-live', () => {
  const refused: ClusterEvent = {
    ...started,
    kind: 'dcb-backup-refused',
    id: '',
    message: 'no',
    isLive: true,
    location: 'node-1/events',
  };

  test('passes where no location leads to the server, and has nothing to judge where none was named', () => {
    expect(locationNotLive.check(evidence({ events: [started] }))).toMatchObject({ verdict: 'pass' });
    expect(locationNotLive.check(evidence({ events: [{ ...refused, isLive: false }] }))).toMatchObject({
      verdict: 'pass',
    });
    expect(locationNotLive.check(evidence())).toMatchObject({ verdict: 'inconclusive' });
  });

  test('fails where one was tried, however the run ended', () => {
    const runs = [dcbRun([post], [], { result: exited(1) })];
    expect(locationNotLive.check(evidence({ runs, events: [refused, started] }))).toMatchObject({
      verdict: 'fail',
      findings: [{ run: 1, actual: 'the location is node-1/events' }],
    });
  });
});
