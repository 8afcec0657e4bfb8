import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import type { Evidence } from '../../../conformance/journal/evidence.ts';
import { hazards } from '../../../conformance/scenarios/hazards.ts';
import { backupFile, ended, run } from '../../support/evidence.ts';
import { playClient } from '../../support/played-client.ts';
import { ask, goodSegmentRun, segmentEvidence, take } from '../../support/segment-evidence.ts';

const only = ['interruption/mid-file'];
const { copyBreaksOff } = hazards;

/* Killed between two requests, a client had never left half of a file: who takes its name for a whole copy went through. */
describe('a copy that breaks off in the middle of a file', () => {
  test.each(['reference', 'gzip-each-file'])(
    'is copied again by %s, and excuses the run that broke off',
    async (client) => {
      const report = await playClient(client, only);
      expect(report.exitCode).toBe(0);
      expect(report.scenarios[0]?.runs.map(({ exitCode }) => exitCode)).toEqual([0, 1, 0]);
      const judged = report.rules.filter(({ status }) => status === 'pass').map(({ id }) => id);
      expect(judged).toEqual(expect.arrayContaining(['outcome/previous-survives', 'fault/recovers']));
    },
  );

  test('is told of first, with the bytes that are there and those that should be', async () => {
    const report = await playClient('half-copied-file-kept', only);
    const failed = report.scenarios[0]?.rules.find(({ status }) => status === 'fail');
    expect(failed).toMatchObject({
      id: 'copy/faithful',
      evidence: [
        { run: 3, expected: expect.stringMatching(/^3145728 bytes/), actual: expect.stringMatching(/^2097152 bytes/) },
      ],
    });
  });

  test('never comes to a function, whose files nothing limits: it is judged by what it leaves', async () => {
    const driver = new FunctionDriver(async () => undefined);
    const report = await runConformance({ driver, only, keepsFailures: false });
    expect(report.scenarios[0]?.hazards.map(({ id }) => id)).not.toContain(copyBreaksOff.id);
    expect(report.exitCode).toBe(1);
  });

  /** A store of packs of a megabyte never fills a disk of two, and was said to have come upon a full one. */
  test('is what ended a run, or what a run takes for good: who writes small files alone is spared it', () => {
    const limited = (values: Parameters<typeof ended>[0], files = take(1)): Evidence =>
      segmentEvidence([run({ requests: [ask(1)], result: ended({ fileLimitBytes: 4096, ...values }), after: files })]);
    const stateOf = (evidence: Evidence): string =>
      copyBreaksOff.isReached(evidence) ? 'reached' : copyBreaksOff.isSpared(evidence) ? 'spared' : 'missed';
    expect(stateOf(limited({ exitCode: 1 }))).toBe('reached');
    expect(stateOf(limited({ exitCode: 0 }, [backupFile({ sizeBytes: 4096 })]))).toBe('reached');
    expect(stateOf(limited({ exitCode: 0 }, [backupFile({ sizeBytes: 4095 })]))).toBe('spared');
    expect(stateOf(limited({ exitCode: 0, fileLimitBytes: null }))).toBe('spared');
    expect(stateOf(segmentEvidence([goodSegmentRun(1)]))).toBe('missed');
  });
});
