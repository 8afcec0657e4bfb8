import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../../../server/index.ts';
import { controlDbFirst } from '../../../../conformance/rules/order/control-db-first.ts';
import { sameNode } from '../../../../conformance/rules/order/same-node.ts';
import {
  ended,
  evidence,
  exited,
  failing,
  goodBackup,
  goodRequests,
  goodRun,
  listedFile,
  logFile,
  logListing,
  logName,
  post,
  request,
  run,
  segmentFile,
  segmentListing,
  segmentName,
  zipFile,
  zipName,
} from '../../../support/evidence.ts';

const [first = {}, ...listings] = goodRequests(1);

describe('order/control-db-first', () => {
  test('passes where the POST comes first', () => {
    expect(controlDbFirst.check(evidence({ runs: [goodRun(1), goodRun(2)] }))).toMatchObject({ verdict: 'pass' });
  });

  // What the server had written of billing lacked 30 events that the zip counted as applied, and the log had been cleaned.
  test.each<[when: string, afterMs: number, verdict: 'pass' | 'fail']>([
    ['before', 500, 'fail'],
    ['behind', 1500, 'pass'],
  ])('a backup that the server is asked to write %s the POST', (_when, afterMs, verdict) => {
    const { startMs } = goodRun(1);
    const asked = {
      method: 'POST',
      path: '/v2/backup',
      atMs: startMs + afterMs,
      answer: { kind: 'other' as const, pushes: [{ id: 'a1', state: null }] },
    };
    const made = goodRun(1, { requests: [...goodRequests(1), asked] });
    const started: ClusterEvent = {
      atMs: startMs + afterMs,
      kind: 'dcb-backup-started',
      node: 'node-1',
      context: 'billing',
      location: 'BACKUP_DIR/dcb',
      id: 'a1',
      message: '',
      isLive: false,
    };
    const judgement = controlDbFirst.check(evidence({ runs: [made], events: [started] }));
    expect(judgement.verdict).toBe(verdict);
    if (judgement.verdict === 'fail') {
      expect(judgement.findings).toMatchObject([{ run: 1, subject: 'POST /v2/backup of billing on node-1' }]);
    }
  });

  test('fails where the POST comes last, for each listing', () => {
    const runs = [goodRun(1, { requests: [...listings, first] })];
    expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          subject: 'GET /v1/backup/log/filenames?context=_admin (request 1)',
          actual:
            'the first was made later, by POST /v1/backup/createControlDbBackup (request 5) at 2024-01-01T02:00:05.000Z',
        },
        { subject: 'GET /v1/backup/log/filenames?context=default (request 2)' },
        { subject: 'GET /v1/backup/eventstore?targetContext=default&type=EVENT (request 3)' },
        { subject: 'GET /v1/backup/eventstore?targetContext=default&type=SNAPSHOT (request 4)' },
      ],
    });
  });

  test.each([
    ['the log', logListing('default'), 'default'],
    ['events', segmentListing(), 'EVENT'],
  ])('fails where %s is listed before the POST, and not behind it', (_, early, asked) => {
    const others = listings.filter(
      ({ query = {} }) => !Object.values(query).includes(asked) || query['type'] === 'SNAPSHOT',
    );
    const runs = [goodRun(1, { requests: [early, first, ...others] })];
    expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({ verdict: 'fail', findings: [{ run: 1 }] });
  });

  // A client listed everything to see whether the disk had room, asked for the control database, and listed all once more.
  test('passes where everything is listed before the POST, and again behind it', () => {
    const runs = [goodRun(1, { requests: [...listings, first, ...listings] })];
    expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where the lists before the POST are those that the backup was made from', () => {
    const early = goodRequests(1).slice(1);
    const late = goodRequests(2).slice(1);
    const runs = [goodRun(1, { requests: [...early, first, ...late] })];
    expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          subject: expect.stringContaining('context=_admin (request 1)'),
          actual: expect.stringContaining('the backup was made from this list'),
        },
        { subject: expect.stringContaining('context=default (request 2)') },
        { actual: expect.stringContaining('it has the bytes of this list') },
        { actual: expect.stringContaining('it has the bytes of this list') },
      ],
    });
    const whole = [
      goodRun(1, {
        requests: [...early, first, ...late],
        after: goodBackup(2)
          .filter(({ what }) => what.kind !== 'control-db-zip')
          .concat(zipFile()),
      }),
    ];
    expect(controlDbFirst.check(evidence({ runs: whole }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where a copy has the bytes of before the POST, and the list behind it had others', () => {
    const open = (checksum: string) =>
      segmentListing({ files: [listedFile(segmentName(100), { isOpen: true, checksum })] });
    const copiedAs = (checksum: string) => [zipFile(), segmentFile('default', 100, { checksum })];
    const requests = [open('before'), first, open('behind')];
    const kept = run({ requests, after: copiedAs('before') });
    expect(controlDbFirst.check(evidence({ runs: [kept] }))).toMatchObject({
      findings: [{ actual: expect.stringContaining('it has the bytes of this list, and the later one had others') }],
    });
    for (const checksum of ['behind', 'and later']) {
      const runs = [run({ requests, after: copiedAs(checksum) })];
      expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
    }
  });

  describe('of a run that backs up several nodes, each for itself', () => {
    const nodes = ['node-1', 'node-2'];
    const logOf = (node: string, place = node) =>
      logFile('default', 1, { container: `${place}/log`, checksum: `sha-${logName(1)}-while-open` });
    const zipOf = (node: string) => zipFile(`controldb-${node}.zip`, { container: node });
    const postOn = (node: string) => post(`controldb-${node}.zip`, { node });
    const logsOf = (node: string) => logListing('default', undefined, { node });

    test('passes where each has its POST and its zip before its log', () => {
      const requests = nodes.flatMap((node) => [postOn(node), logsOf(node)]);
      const after = nodes.flatMap((node) => [zipOf(node), logOf(node)]);
      expect(controlDbFirst.check(evidence({ runs: [run({ requests, after })] }))).toMatchObject({ verdict: 'pass' });
    });

    test.each([
      ['named after the nodes', nodes],
      ['named otherwise', ['a', 'b']],
    ])('fails where one of them was never asked for its own, with folders %s', (_, places) => {
      const requests = [postOn('node-1'), ...nodes.map(logsOf)];
      const after = [zipOf('node-1'), ...nodes.map((node, index) => logOf(node, places[index]))];
      expect(controlDbFirst.check(evidence({ runs: [run({ requests, after })] }))).toMatchObject({
        findings: [
          { actual: 'there was none on node-2 in this run, and its log is in the backup beside those of other nodes' },
        ],
      });
    });

    test('fails where one was asked for its own behind its log', () => {
      const requests = [postOn('node-1'), ...nodes.map(logsOf), postOn('node-2')];
      const after = nodes.flatMap((node) => [zipOf(node), logOf(node)]);
      expect(controlDbFirst.check(evidence({ runs: [run({ requests, after })] }))).toMatchObject({ findings: [{}] });
    });

    test('says nothing of one log that is from another node than the zip: order/same-node does', () => {
      const requests = [postOn('node-1'), logsOf('node-2')];
      const runs = [run({ requests, after: [zipOf('node-1'), logOf('node-2')] })];
      expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
      expect(sameNode.check(evidence({ runs }))).toMatchObject({ verdict: 'fail' });
    });
  });

  test('fails where there was no POST at all', () => {
    expect(controlDbFirst.check(evidence({ runs: [goodRun(1, { requests: listings })] }))).toMatchObject({
      findings: listings.map(() => ({ actual: 'there was none in this run' })),
    });
  });

  test('fails where a second POST brings the zip that is in the backup, after the listings', () => {
    const again = post(zipName(9));
    const after = [zipFile(zipName(9)), ...goodBackup(1)];
    const runs = [goodRun(1, { requests: [first, ...listings, again], after })];
    expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({
      findings: listings.map(() => ({
        actual: expect.stringContaining(
          'the zip in the backup is that of POST /v1/backup/createControlDbBackup (request 6)',
        ),
      })),
    });
  });

  test('fails where a run copies before it ever asks, also where it then fails', () => {
    const shownBy = { kind: 'file', name: logName(1), folder: 'BACKUP_DIR' } as const;
    const copying = { place: 1, tookMs: 1, afterMs: 1, shownBy, seenAtRequest: 2 };
    const copied = run({ requests: [{ ...logListing('default'), copying }, first], result: exited(1) });
    expect(controlDbFirst.check(evidence({ runs: [copied] }))).toMatchObject({ verdict: 'fail', findings: [{}] });
    const looked = run({ requests: [logListing('default'), failing(first)], result: exited(1) });
    expect(controlDbFirst.check(evidence({ runs: [looked] }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test('says nothing of a run that goes on after a failed POST and then fails', () => {
    const runs = [run({ requests: [failing(first), ...listings], result: exited(1) })];
    expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test('says nothing where nothing was listed', () => {
    const runs = [run({ requests: [post()] }), run({ run: 2, result: ended(), wasKilled: true })];
    expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test.each([
    ['discovery first', [request(), first, ...listings]],
    ['a listing by HEAD first', [failing({ ...logListing('default'), method: 'HEAD' }, 200, null), first, ...listings]],
    ['a refused listing first', [failing(logListing('default')), first, ...listings]],
    ['everything twice, POST included', [post('controldb9.zip'), ...listings, first, ...listings]],
    ['a second POST whose zip is not kept', [first, ...listings, post('controldb9.zip')]],
    ['listings in another order', [first, ...listings.toReversed()]],
  ])('passes with %s', (_, requests) => {
    const runs = [goodRun(1, { requests, after: goodBackup(1) })];
    expect(runs[0]?.after.files.some(({ name }) => name === zipName(1))).toBe(true);
    expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });
});
