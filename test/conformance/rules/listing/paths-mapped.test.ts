import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../../conformance/journal/evidence.ts';
import { excuseOf } from '../../../../conformance/journal/inference/trouble.ts';
import { pathsMapped } from '../../../../conformance/rules/listing/paths-mapped.ts';
import {
  evidence,
  exited,
  failing,
  goodBackup,
  goodRun,
  listedFile,
  post,
  run,
  zipName,
} from '../../../support/evidence.ts';

const mapped = (runs: Evidence['runs']): Evidence => evidence({ runs, isPathMapped: true });
const check = (...runs: Evidence['runs']) => pathsMapped.check(mapped(runs));
const outside = listedFile(zipName(1), { outsideMounts: true, path: `node-1/./${zipName(1)}` });

describe('listing/paths-mapped', () => {
  test('passes where a backup has something of every place', () => {
    expect(check(goodRun(1), goodRun(2))).toEqual({
      verdict: 'pass',
      judged: "2 runs that were told of files by the server's own names",
    });
  });

  test('has nothing to say where names are good as they stand, or no run was told of a file', () => {
    expect(pathsMapped.check(evidence()).verdict).toBe('inconclusive');
    expect(check(run({ requests: [failing(post())] })).verdict).toBe('inconclusive');
    expect(check(goodRun(1, { wasKilled: true, result: exited(1) })).verdict).toBe('inconclusive');
  });

  test('fails a run that calls a backup good whose zip lay in no mount, and one that fails for it without a word', () => {
    const requests = [post(outside)];
    const good = check(run({ requests, result: exited(0) }));
    expect(good).toMatchObject({ findings: [{ subject: 'POST /v1/backup/createControlDbBackup (request 1)' }] });
    expect(good).toHaveProperty(
      'findings.0.expected',
      expect.stringContaining(`node-1/./${zipName(1)} is in no folder`),
    );
    expect(good).toHaveProperty('findings.0.actual', 'the run ended with 0');
    expect(check(run({ requests, result: exited(1) }))).toHaveProperty('findings.0.actual', 'it failed without a word');
  });

  test('passes one that fails for it and says so, which is excused', () => {
    const failed = run({ requests: [post(outside)], result: exited(1, { stderr: 'no mount holds the zip' }) });
    expect(check(failed).verdict).toBe('pass');
    expect(excuseOf(mapped([failed]), failed)).toBe(`node-1/./${zipName(1)} lies in no folder that is mounted`);
  });

  test.each([
    ['the zip', /\.zip$/, 'POST'],
    ['a log', /\.log$/, 'GET /v1/backup/log/filenames'],
    ['the segments of a store', /\.snapshots$/, 'type=SNAPSHOT'],
  ])('fails a backup that is called good and has nothing of %s', (_what, missing, asked) => {
    const judgement = check(goodRun(1, { after: goodBackup(1).filter(({ name }) => !missing.test(name)) }));
    expect(judgement.verdict).toBe('fail');
    expect(judgement).toHaveProperty('findings.0.subject', expect.stringContaining(asked));
  });

  test('fails a client that comes to no backup at all, with nothing to excuse it', () => {
    const failed = goodRun(1, { result: exited(1), after: [] });
    expect(check(failed)).toHaveProperty('findings.0.actual', expect.stringContaining('no run of this scenario'));
    // Whoever comes to one knows where the files are.
    expect(check(failed, goodRun(2)).verdict).toBe('pass');
    expect(check(run({ requests: [post(), failing(post())], result: exited(1) })).verdict).toBe('pass');
  });
});
