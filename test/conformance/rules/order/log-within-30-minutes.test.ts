import { describe, expect, test } from 'vitest';
import type { Copying, RunRecord } from '../../../../conformance/journal/evidence.ts';
import { logWithin30Minutes } from '../../../../conformance/rules/order/log-within-30-minutes.ts';
import {
  evidence,
  exited,
  firstMs,
  goodRun,
  listedFile,
  logListing,
  logName,
  minuteMs,
  post,
  run,
  segmentListing,
  type RequestSketch,
} from '../../../support/evidence.ts';

/** A run whose requests come at those minutes, and that copies what it is told of at once: a megabyte a minute. */
function timed(endMinute: number, ...requests: ReadonlyArray<readonly [number, RequestSketch]>): RunRecord {
  return run({
    startMs: firstMs,
    endMs: firstMs + endMinute * minuteMs,
    requests: requests.map(([minute, sketch], index) => {
      const { answer } = sketch;
      const files = answer?.kind === 'log' || answer?.kind === 'segments' ? answer.files : [];
      const tookMs = (files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0) / 1_000_000) * minuteMs;
      const copying = copiedAs(index + 1, { tookMs, afterMs: tookMs, seenAtRequest: index + 2 });
      return { atMs: firstMs + minute * minuteMs, ...(files.length === 0 ? {} : { copying }), ...sketch };
    }),
  });
}

/** The copying that was the run's first, second, … */
function copiedAs(place: number, values: Partial<Copying> = {}): Copying {
  const shownBy = { kind: 'file', name: '00000000000000000000.events', folder: 'TMPDIR' } as const;
  return { place, tookMs: 0, afterMs: 0, shownBy, seenAtRequest: null, ...values };
}

/** A log of one file that takes a minute. */
const largeLog = logListing('default', [listedFile(logName(1), { sizeBytes: 1_000_000 })]);

function events(sizeBytes: number): RequestSketch {
  return segmentListing({ files: [listedFile('00000000000000000000.events', { sizeBytes })] });
}

describe('order/log-within-30-minutes', () => {
  test('passes where the log comes right after the POST, however long the events take', () => {
    const runs = [goodRun(1), timed(90, [0, post()], [1, logListing('default')], [2, events(88_000_000)])];
    expect(logWithin30Minutes.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where the events come first and take long', () => {
    const runs = [timed(72, [0, post()], [1, events(70_000_000)], [71, logListing('default')])];
    expect(logWithin30Minutes.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          subject: 'GET /v1/backup/log/filenames?context=default (request 3)',
          expected:
            'listed and copied by 2024-01-01T00:30:00.000Z, 30 minutes after POST /v1/backup/createControlDbBackup (request 1)',
          actual:
            'listed 71m 00s after it; first came the files of GET /v1/backup/eventstore?targetContext=default&type=EVENT (request 2): 70m 00s of copying, known by 00000000000000000000.events in TMPDIR when request 3 came in',
        },
      ],
    });
  });

  test('fails where the log is listed in time, and not copied in time', () => {
    const runs = [timed(31, [0, post()], [1, events(28_500_000)], [29.5, largeLog])];
    expect(logWithin30Minutes.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        { actual: expect.stringMatching(/^listed 29m 30s after it, and copied 30m 30s after it; first came /) },
      ],
    });
  });

  test('passes where events were listed first, and copied behind the logs: listing takes no time', () => {
    const late = { copying: copiedAs(2, { tookMs: 70 * minuteMs, afterMs: 71 * minuteMs }) };
    const early = { copying: copiedAs(1, { tookMs: minuteMs, afterMs: minuteMs }) };
    const runs = [timed(73, [0, post()], [1, { ...events(70_000_000), ...late }], [1, { ...largeLog, ...early }])];
    expect(logWithin30Minutes.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where both are listed at once, and the events are copied first', () => {
    const early = { copying: copiedAs(1, { tookMs: 70 * minuteMs, afterMs: 70 * minuteMs }) };
    const late = { copying: copiedAs(2, { tookMs: minuteMs, afterMs: 71 * minuteMs }) };
    const runs = [timed(73, [0, post()], [1, { ...events(70_000_000), ...early }], [1, { ...largeLog, ...late }])];
    expect(logWithin30Minutes.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        { actual: expect.stringMatching(/^listed 1m 00s after it, and copied 72m 00s after it; first came .*70m 00s/) },
      ],
    });
  });

  test('passes where the next request was held up, and the log was copied long before', () => {
    // The clock jumps between the second and the third listing; at the rate of the first the log took a minute.
    const runs = [timed(46, [0, post()], [1, events(1_000_000)], [2, largeLog], [45, events(1_000_000)])];
    expect(logWithin30Minutes.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('passes where nothing but logs was copied: no client could have been faster', () => {
    const admin = logListing('_admin', [listedFile(logName(1), { sizeBytes: 50_000_000 })]);
    const runs = [timed(90, [0, post()], [1, admin], [51, largeLog], [89, events(1_000_000)])];
    expect(logWithin30Minutes.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('counts the last listing of a group, and the newest POST before it on its node', () => {
    const begun = [
      [0, post()],
      [1, logListing('default')],
      [2, events(38_000_000)],
    ] as const;
    const again = [41, logListing('default')] as const;
    const late = timed(42, ...begun, again);
    expect(logWithin30Minutes.check(evidence({ runs: [late] }))).toMatchObject({ verdict: 'fail' });
    const postedAgain = timed(42, ...begun, [40, post('controldb2.zip')], again);
    expect(logWithin30Minutes.check(evidence({ runs: [postedAgain] }))).toMatchObject({ verdict: 'pass' });
    const postedElsewhere = timed(42, ...begun, [40, post('controldb2.zip', { node: 'node-2' })], again);
    expect(logWithin30Minutes.check(evidence({ runs: [postedElsewhere] }))).toMatchObject({ verdict: 'fail' });
  });

  test('fails for a late listing without files, too', () => {
    const runs = [timed(72, [0, post()], [1, events(70_000_000)], [71, logListing('default', [])])];
    expect(logWithin30Minutes.check(evidence({ runs }))).toMatchObject({ verdict: 'fail' });
  });

  test('counts from when the zip was made, where the answer was held back', () => {
    const late = timed(32, [0, post('controldb2.zip')], [10, events(20_000_000)], [31, logListing('default')]);
    const made = {
      atMs: firstMs + 10 * minuteMs,
      kind: 'control-db-backup' as const,
      node: 'node-1',
      file: '/axonserver/controldb2.zip',
    };
    expect(logWithin30Minutes.check(evidence({ runs: [late] }))).toMatchObject({ verdict: 'fail' });
    expect(logWithin30Minutes.check(evidence({ runs: [late], events: [made] }))).toMatchObject({ verdict: 'pass' });
  });

  test('says nothing of runs that claim nothing, and of logs without a POST before them', () => {
    const late = timed(72, [0, post()], [1, events(70_000_000)], [71, logListing('default')]);
    const runs = [{ ...late, result: exited(1) }, timed(72, [0, logListing('default')], [71, post()])];
    expect(logWithin30Minutes.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });
});
