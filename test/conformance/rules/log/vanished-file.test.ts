import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../../../server/index.ts';
import { vanishedFile } from '../../../../conformance/rules/log/vanished-file.ts';
import {
  copiedLog,
  ended,
  evidence,
  exited,
  goodRun,
  listedFile,
  logFile,
  logListing,
  logName,
  post,
  restoration,
  run,
} from '../../../support/evidence.ts';

/** Listed are 1 and the open 101; then 1 is deleted. */
const before = [listedFile(logName(1)), listedFile(logName(101), { isOpen: true })];
const open = logFile('default', 101);
const again = logListing('default', [listedFile(logName(101)), listedFile(logName(201), { isOpen: true })]);
const startMs = run().startMs;
const events: ClusterEvent[] = [
  { atMs: startMs + 2000, kind: 'log-cleaned', node: 'node-1', group: 'default', removed: [1], firstIndex: 101 },
];
const requests = [post(), logListing('default', before)];

describe('log/vanished-file', () => {
  test('passes where the log is listed again, and that is copied', () => {
    const runs = [run({ requests: [...requests, again], after: [open, logFile('default', 201)] })];
    expect(vanishedFile.check(evidence({ runs, events }))).toMatchObject({ verdict: 'pass' });
  });

  // Three of the strangers' clients did what `explain` told them then: list it again. After a burst of writing the log begins
  // behind what the control database of the old POST counts as applied.
  test('fails where the log that was listed again begins behind the control database of before', () => {
    const restored = { group: 'default', contexts: ['default'], lastIndex: 250, commitIndex: 90, missingEntries: 10 };
    const groups = [{ ...restored, firstIndex: 101, appliedIndex: 90 }];
    const after = [open, logFile('default', 201)];
    const runs = [run({ requests: [...requests, again], after, restoration: restoration({ groups }) })];
    expect(vanishedFile.check(evidence({ runs, events }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          subject: 'GET /v1/backup/log/filenames?context=default (request 3)',
          actual:
            'the log was listed again without a new POST, and begins with entry 101: entries 91 to 100 are in no file',
        },
      ],
    });
  });

  // Of three nodes that were backed up, each into a folder of its own, the logs were equal to the byte. What had vanished of the
  // first was found in the folder of the last, and passed.
  test.each([
    ['in folders named after them', ['node-1', 'node-2']],
    ['in other folders, in the order of the requests', ['first', 'second']],
  ])('judges the log of each node by its own copy, where several are backed up %s', (_, places) => {
    const requestsOf = (node: string) => [
      post(`controldb-${node}.zip`, { node }),
      logListing('default', before, { node }),
    ];
    const copiesIn = (place: string | undefined, ...firsts: number[]) =>
      firsts.map((first, index) =>
        logFile('default', first, {
          container: `${place}/log`,
          recency: place === places[0] ? 1 : 2,
          ...(index === firsts.length - 1 ? { checksum: `sha-${logName(first)}-while-open` } : {}),
        }),
      );
    const both = ['node-1', 'node-2'].flatMap(requestsOf);
    const lost = run({ requests: both, after: [...copiesIn(places[0], 101), ...copiesIn(places[1], 1, 101)] });
    const later: ClusterEvent[] = events.map((event) => ({ ...event, atMs: startMs + 2500 }));
    expect(vanishedFile.check(evidence({ runs: [lost], events: later }))).toMatchObject({
      verdict: 'fail',
      findings: [{ subject: `/axonserver/${logName(1)}` }],
    });
    const whole = run({ requests: both, after: places.flatMap((place) => copiesIn(place, 1, 101)) });
    expect(vanishedFile.check(evidence({ runs: [whole], events: later }))).toMatchObject({ verdict: 'inconclusive' });
  });

  // A client that asks for all logs side by side copies the open file of one while the answer of another is made; hours later
  // that file is full, closed and deleted.
  test('passes where the file that was open when it was listed is copied with what it gained since', () => {
    const gone: ClusterEvent[] = [
      { atMs: startMs + 2000, kind: 'log-cleaned', node: 'node-1', group: 'default', removed: [101], firstIndex: 201 },
    ];
    const after = [logFile('default', 1), logFile('default', 101, { checksum: 'with more in it' })];
    expect(vanishedFile.check(evidence({ runs: [run({ requests, after })], events: gone }))).not.toMatchObject({
      verdict: 'fail',
    });
    const old = [logFile('default', 1), logFile('default', 101, { checksum: 'of before', writtenInRun: 0 })];
    expect(vanishedFile.check(evidence({ runs: [run({ requests, after: old })], events: gone }))).toMatchObject({
      verdict: 'fail',
    });
  });

  test('passes where the run fails', () => {
    const runs = [run({ requests, after: [open], result: exited(1) })];
    expect(vanishedFile.check(evidence({ runs, events }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where the file is left out', () => {
    expect(vanishedFile.check(evidence({ runs: [run({ requests, after: [open] })], events }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          atMs: startMs + 2000,
          subject: `/axonserver/${logName(1)}`,
          expected:
            'once a file of GET /v1/backup/log/filenames?context=default (request 2) is gone, the run begins anew with the POST and all logs, or fails',
          actual:
            'the server deleted it at 2024-01-01T02:00:02.000Z, before it was copied; the run did not list again, and ended with 0',
        },
      ],
    });
  });

  test('fails where a copy of an earlier run stands in for it', () => {
    const after = [logFile('default', 1, { writtenInRun: 0 }), open];
    expect(vanishedFile.check(evidence({ runs: [run({ requests, after })], events }))).toMatchObject({
      verdict: 'fail',
    });
  });

  test('fails where the log was listed twice before, and not after', () => {
    const twice = [...requests, logListing('default', before)];
    const late = events.map((event) => ({ ...event, atMs: startMs + 3500 }));
    expect(
      vanishedFile.check(evidence({ runs: [run({ requests: twice, after: [open] })], events: late })),
    ).toMatchObject({
      verdict: 'fail',
    });
  });

  test('fails where it is listed again, and that is not copied', () => {
    const runs = [run({ requests: [...requests, again], after: [open] })];
    expect(vanishedFile.check(evidence({ runs, events }))).toMatchObject({
      findings: [
        { subject: `/axonserver/${logName(201)}`, actual: 'the run ended with 0, and there is no copy of it' },
      ],
    });
  });

  test('says nothing where the file was copied in time', () => {
    const runs = [run({ requests, after: [logFile('default', 1), open] })];
    expect(vanishedFile.check(evidence({ runs, events }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test('says nothing where nothing vanished, or somewhere else, or at another time', () => {
    const runs = [run({ requests, after: [open] }), goodRun(2, { after: copiedLog('default', 2) })];
    expect(vanishedFile.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
    for (const other of [
      { node: 'node-2' },
      { group: '_admin' },
      { removed: [7] },
      { atMs: startMs },
      { atMs: startMs + 9000 },
    ]) {
      const elsewhere = events.map((event) => ({ ...event, ...other }) as ClusterEvent);
      expect(vanishedFile.check(evidence({ runs, events: elsewhere }))).toMatchObject({ verdict: 'inconclusive' });
    }
  });

  /* A log that was cleaned in the millisecond in which a run had ended counted as gone before it was copied. */
  test('says nothing where the file went in the millisecond of the end, and behind it, or in that of the listing, and before', () => {
    const shrunken = run({ requests, after: [open] });
    const listing = shrunken.requests.at(-1);
    for (const at of [
      { atMs: shrunken.endMs, seq: shrunken.endSeq + 1 },
      { atMs: listing?.atMs ?? 0, seq: (listing?.seq ?? 0) - 1 },
    ]) {
      const elsewhen = events.map((event) => ({ ...event, ...at }));
      const all = evidence({ runs: [shrunken], events: elsewhen });
      expect(vanishedFile.check(all)).toMatchObject({ verdict: 'inconclusive' });
    }
    const within = events.map((event) => ({ ...event, atMs: shrunken.endMs, seq: shrunken.endSeq - 1 }));
    expect(vanishedFile.check(evidence({ runs: [shrunken], events: within }))).toMatchObject({ verdict: 'fail' });
  });

  test('says nothing of a run that was killed or took too long', () => {
    const runs = [
      run({ requests, result: ended(), wasKilled: true }),
      run({ requests, result: ended({ hasTimedOut: true }) }),
    ];
    expect(vanishedFile.check(evidence({ runs, events }))).toMatchObject({ verdict: 'inconclusive' });
  });
});
