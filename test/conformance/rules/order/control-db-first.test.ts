import { describe, expect, test } from 'vitest';
import { controlDbFirst } from '../../../../conformance/rules/order/control-db-first.ts';
import {
  ended,
  evidence,
  exited,
  failing,
  goodBackup,
  goodRequests,
  goodRun,
  logListing,
  post,
  request,
  run,
  segmentListing,
  zipFile,
  zipName,
} from '../../../support/evidence.ts';

const [first = {}, ...listings] = goodRequests(1);

describe('order/control-db-first', () => {
  test('passes where the POST comes first', () => {
    expect(controlDbFirst.check(evidence({ runs: [goodRun(1), goodRun(2)] }))).toMatchObject({ verdict: 'pass' });
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
    ['the log', logListing('default')],
    ['events', segmentListing()],
  ])('fails where %s is listed before the POST', (_, early) => {
    const runs = [goodRun(1, { requests: [early, first, ...listings] })];
    expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({ verdict: 'fail', findings: [{ run: 1 }] });
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

  test('fails where a run lists before it ever asks, also where it then fails', () => {
    const runs = [run({ requests: [...listings, first], result: exited(1) })];
    expect(controlDbFirst.check(evidence({ runs }))).toMatchObject({ verdict: 'fail' });
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
