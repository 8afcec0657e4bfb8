import { describe, expect, test } from 'vitest';
import { allGroups } from '../../../../conformance/rules/log/all-groups.ts';
import {
  evidence,
  exited,
  failing,
  goodBackup,
  goodRequests,
  goodRun,
  logFile,
  logListing,
  post,
  run,
  segmentListing,
} from '../../../support/evidence.ts';

const withoutAdmin = goodBackup(1).filter(({ container }) => container !== 'log/_admin');

describe('log/all-groups', () => {
  test('passes where the log of each group is listed and copied', () => {
    expect(allGroups.check(evidence({ runs: [goodRun(1), goodRun(2)] }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where `_admin` is not asked for', () => {
    expect(allGroups.check(evidence({ runs: [goodRun(1, { groups: ['default'] })] }))).toMatchObject({
      verdict: 'fail',
      findings: [{ run: 1, subject: 'the log of _admin', actual: 'it listed the log of default alone' }],
    });
  });

  test('fails where no log is asked for', () => {
    expect(allGroups.check(evidence({ runs: [goodRun(1, { groups: [] })] }))).toMatchObject({
      findings: [
        { subject: 'the log of _admin', actual: 'it listed no log at all' },
        { subject: 'the log of default' },
      ],
    });
  });

  test('fails where the log is listed and not copied', () => {
    expect(allGroups.check(evidence({ runs: [goodRun(1, { after: withoutAdmin })] }))).toMatchObject({
      findings: [
        {
          subject: 'GET /v1/backup/log/filenames?context=_admin (request 2)',
          actual: 'none of the 2 files that were listed is there',
        },
      ],
    });
  });

  test('fails where the listing was refused, and nobody asked again', () => {
    const requests = [post(), failing(logListing('_admin'), 500), ...goodRequests(1).slice(2)];
    expect(allGroups.check(evidence({ runs: [goodRun(1, { requests, after: withoutAdmin })] }))).toMatchObject({
      findings: [{ actual: 'it was answered with status 500, and never asked again' }],
    });
  });

  test('says nothing where no run claims a good backup', () => {
    const runs = [run({ result: exited(1) })];
    expect(allGroups.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test('asks for no file of a log that has none', () => {
    const requests = [post(), logListing('_admin', []), ...goodRequests(1).slice(2)];
    expect(allGroups.check(evidence({ runs: [goodRun(1, { requests, after: withoutAdmin })] }))).toMatchObject({
      verdict: 'pass',
    });
  });

  test('passes where a new log that does not tell its group lies in a folder of its name', () => {
    const what = { kind: 'log' as const, group: null, firstIndex: 1 };
    const after = [...withoutAdmin, logFile('_admin', 1, { what, checksum: 'sha-grown' })];
    expect(allGroups.check(evidence({ runs: [goodRun(1, { after })] }))).toMatchObject({ verdict: 'pass' });
  });

  describe('where a group is named otherwise than its contexts', () => {
    const names = { contexts: ['orders'], groups: ['_admin', 'retail'] };
    const wrong = failing(logListing('orders'), 500, null);

    test('fails a run that asks by the name of a context, though it fails by itself', () => {
      const runs = [run({ requests: [post(), logListing('_admin'), wrong], result: exited(1) })];
      expect(allGroups.check(evidence({ ...names, runs }))).toMatchObject({
        verdict: 'fail',
        findings: [
          {
            run: 1,
            subject: 'GET /v1/backup/log/filenames?context=orders (request 3)',
            expected: 'the log is asked for by the name of a replication group: _admin and retail',
            actual: 'that is the name of a context; it was answered with status 500, and the run failed',
          },
        ],
      });
    });

    test('fails a run that asks by the name of a context and takes the error for a group without log', () => {
      const runs = [goodRun(1, { ...names, requests: [post(), logListing('_admin'), wrong] })];
      expect(allGroups.check(evidence({ ...names, runs }))).toMatchObject({
        findings: [{ subject: 'the log of retail', actual: 'it listed the log of _admin alone' }],
      });
    });

    test('has nothing against a run that has all groups and fails for something else', () => {
      const requests = [post(), logListing('_admin'), wrong, logListing('retail'), failing(segmentListing())];
      const runs = [run({ requests, result: exited(1) })];
      expect(allGroups.check(evidence({ ...names, runs }))).toMatchObject({ verdict: 'inconclusive' });
    });

    test('has nothing against a run that was given an error by a fault', () => {
      const requests = [post(), failing(logListing('orders'), 503)];
      const runs = [run({ requests, result: exited(1) })];
      expect(allGroups.check(evidence({ ...names, runs }))).toMatchObject({ verdict: 'inconclusive' });
    });
  });
});
