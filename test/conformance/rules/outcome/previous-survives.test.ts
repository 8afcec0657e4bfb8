import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../../conformance/journal/evidence.ts';
import { previousSurvives } from '../../../../conformance/rules/outcome/previous-survives.ts';
import {
  ended,
  evidence,
  exited,
  goodBackup,
  goodRun,
  inventory,
  loss,
  problem,
  restoration,
  run,
  segmentName,
} from '../../../support/evidence.ts';

const killed = { result: ended(), wasKilled: true };
const noLog = restoration({ problems: [problem('no-log')] });

describe('outcome/previous-survives', () => {
  test.each([
    ['fails', { result: exited(1) }],
    ['is killed', killed],
    ['takes too long', { result: ended({ hasTimedOut: true }) }],
  ])('passes where the last good backup is still there when a run %s', (_, values) => {
    const runs = [goodRun(1), run({ run: 2, ...values })];
    expect(previousSurvives.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where it does not restore any more', () => {
    const runs = [goodRun(1), run({ run: 2, ...killed, restoration: noLog })];
    expect(previousSurvives.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 2,
          subject: 'the backup of run 1, after run 2',
          expected: 'it restores as it did before run 2, which was killed by SIGKILL',
          actual: 'default: no-log in default',
        },
      ],
    });
  });

  test.each<[end: string, values: Partial<Pick<RunRecord, 'result'>>]>([
    ['by SIGTERM', { result: ended({ signal: 'SIGTERM' }) }],
    ['with 3', { result: exited(3) }],
  ])('says that a run was asked to end, and ended %s', (end, values) => {
    const asked = run({ run: 2, wasKilled: true, wasAskedToEnd: 'unfinished', restoration: noLog, ...values });
    expect(previousSurvives.check(evidence({ runs: [goodRun(1), asked] }))).toMatchObject({
      findings: [{ expected: `it restores as it did before run 2, which was asked to end, and ended ${end}` }],
    });
  });

  test('does not apply to a client that declares to write over its only copy', () => {
    expect(previousSurvives.waivedBy).toContain('in-place');
  });

  test('fails where it has lost something', () => {
    const runs = [goodRun(1), run({ run: 2, result: exited(1), restoration: restoration({ losses: [loss()] }) })];
    expect(previousSurvives.check(evidence({ runs }))).toMatchObject({
      findings: [{ run: 2, actual: '3 events of default (tokens 50 to 52) are lost, written over 0m 02s' }],
    });
  });

  test('passes where half a new backup lies beside it, and it restores by itself', () => {
    const alone = { after: inventory(goodBackup(1)), restoration: restoration() };
    const runs = [goodRun(1), run({ run: 2, ...killed, restoration: noLog, lastGoodAlone: alone })];
    expect(previousSurvives.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where neither the folder nor what is left of it alone restores', () => {
    const alone = { after: inventory(), restoration: restoration({ problems: [problem('no-control-db')] }) };
    const runs = [goodRun(1), run({ run: 2, ...killed, restoration: noLog, lastGoodAlone: alone })];
    expect(previousSurvives.check(evidence({ runs }))).toMatchObject({
      findings: [{ run: 2, actual: 'default: no-log in default' }],
    });
  });

  test('judges each of several failed runs', () => {
    const runs = [goodRun(1), run({ run: 2, ...killed }), run({ run: 3, ...killed, restoration: noLog })];
    expect(previousSurvives.check(evidence({ runs }))).toMatchObject({ findings: [{ run: 3 }] });
  });

  test('holds against the backup what the good run held, where the open segment is not included', () => {
    const open = new Set([segmentName(100), segmentName(100, 'SNAPSHOT')]);
    const after = goodBackup(1).filter(({ name }) => !open.has(name));
    const losses = restoration({ losses: [loss({ firstToken: 100n, lastToken: 110n })] });
    const runs = [goodRun(1, { after, restoration: losses }), run({ run: 2, ...killed, after, restoration: losses })];
    expect(previousSurvives.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('says nothing where there was no good backup before, or no failed run after it', () => {
    const runs = [run({ run: 1, ...killed, restoration: noLog }), goodRun(2)];
    expect(previousSurvives.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
    const inName = [goodRun(1, { restoration: noLog }), run({ run: 2, ...killed, restoration: noLog })];
    expect(previousSurvives.check(evidence({ runs: inName }))).toMatchObject({ verdict: 'inconclusive' });
  });
});
