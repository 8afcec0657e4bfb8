import { describe, expect, test } from 'vitest';
import { restorable } from '../../../../conformance/rules/outcome/restorable.ts';
import { ended, evidence, exited, goodRun, loss, problem, restoration } from '../../../support/evidence.ts';

describe('outcome/restorable', () => {
  test('passes where each good run restores', () => {
    expect(restorable.check(evidence({ runs: [goodRun(1), goodRun(2)] }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails for each thing that stands in the way', () => {
    const problems = [problem('no-log', '_admin'), problem('event-gap')];
    expect(
      restorable.check(evidence({ runs: [goodRun(1, { restoration: restoration({ problems }) })] })),
    ).toMatchObject({
      verdict: 'fail',
      findings: [
        { run: 1, subject: 'the restored backup of run 1, _admin', actual: 'no-log in _admin' },
        { subject: 'the restored backup of run 1, default', actual: 'event-gap in default' },
      ],
    });
  });

  test('says nothing of runs that claim nothing', () => {
    const values = { restoration: restoration({ problems: [problem('no-control-db')] }) };
    const runs = [
      goodRun(1, { ...values, result: exited(1) }),
      goodRun(2, { ...values, result: ended(), wasKilled: true }),
    ];
    expect(restorable.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test('takes event stores that end too early for what the client has declared', () => {
    const problems = [problem('events-behind-control-db')];
    const runs = [goodRun(1, { restoration: restoration({ problems, losses: [loss({ type: 'SNAPSHOT' })] }) })];
    expect(restorable.check(evidence({ runs }))).toMatchObject({ verdict: 'fail' });
    expect(restorable.check(evidence({ runs, capabilities: ['no-open-segment'] }))).toMatchObject({ verdict: 'pass' });
    expect(restorable.check(evidence({ runs, capabilities: ['no-snapshots'] }))).toMatchObject({ verdict: 'pass' });
    const withEvents = [goodRun(1, { restoration: restoration({ problems, losses: [loss()] }) })];
    expect(restorable.check(evidence({ runs: withEvents, capabilities: ['no-snapshots'] }))).toMatchObject({
      verdict: 'fail',
    });
  });

  test('takes a group that stops at the hole for what follows from it', () => {
    const problems = [problem('events-behind-control-db'), problem('apply-stopped')];
    const runs = [goodRun(1, { restoration: restoration({ problems }) })];
    expect(restorable.check(evidence({ runs }))).toMatchObject({ verdict: 'fail' });
    expect(restorable.check(evidence({ runs, capabilities: ['no-open-segment'] }))).toMatchObject({ verdict: 'pass' });
    for (const others of [[problem('apply-stopped')], [...problems, problem('apply-stopped', 'orders')]]) {
      const stopped = [goodRun(1, { restoration: restoration({ problems: others }) })];
      expect(restorable.check(evidence({ runs: stopped, capabilities: ['no-open-segment'] }))).toMatchObject({
        verdict: 'fail',
      });
    }
  });

  test('excuses nothing else for a declaration', () => {
    const runs = [goodRun(1, { restoration: restoration({ problems: [problem('event-gap')] }) })];
    const capabilities = ['no-open-segment', 'no-snapshots'];
    expect(restorable.check(evidence({ runs, capabilities }))).toMatchObject({ verdict: 'fail' });
  });
});
