import { describe, expect, test } from 'vitest';
import { noLoss } from '../../../../conformance/rules/outcome/no-loss.ts';
import {
  evidence,
  exited,
  goodBackup,
  goodRun,
  loss,
  problem,
  restoration,
  segmentName,
} from '../../../support/evidence.ts';

const openSnapshots = segmentName(100, 'SNAPSHOT');
/** Lost is what the segment holds that is open in run 1. */
const openLost = restoration({ losses: [loss({ firstToken: 100n, lastToken: 120n })] });
const withoutOpen = goodBackup(1).filter(({ name }) => name !== segmentName(100) && name !== openSnapshots);

describe('outcome/no-loss', () => {
  test('passes where everything is back', () => {
    expect(noLoss.check(evidence({ runs: [goodRun(1), goodRun(2)] }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails for each store that has lost something, and for lost changes', () => {
    const losses = [loss(), loss({ type: 'SNAPSHOT', events: 1, firstToken: 7n, lastToken: 7n, virtualMs: 0 })];
    const runs = [goodRun(1), goodRun(2, { restoration: restoration({ losses, lostChanges: 2 }) })];
    expect(noLoss.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 2,
          subject: 'events of context default',
          expected:
            'the backup of run 2 brings back all that was acknowledged before its POST, at 2024-01-01T04:00:01.000Z',
          actual: '3 events of default (tokens 50 to 52) are lost, written over 0m 02s',
        },
        { subject: 'snapshots of context default', actual: '1 snapshot of default (token 7) is lost' },
        { subject: 'replication group _admin', actual: '2 changes of _admin are lost' },
      ],
    });
  });

  test('judges closed segments alone where the open one is not included', () => {
    expect(noLoss.check(evidence({ runs: [goodRun(1, { restoration: openLost, after: withoutOpen })] }))).toMatchObject(
      {
        verdict: 'pass',
      },
    );
    expect(noLoss.check(evidence({ runs: [goodRun(1, { restoration: openLost })] }))).toMatchObject({
      verdict: 'fail',
    });
    const closedLost = restoration({ losses: [loss({ firstToken: 99n, lastToken: 120n })] });
    expect(
      noLoss.check(evidence({ runs: [goodRun(1, { restoration: closedLost, after: withoutOpen })] })),
    ).toMatchObject({
      verdict: 'fail',
    });
  });

  // One of forty strangers' clients copied the open segments of events alone: a warning of level should, and data lost.
  test('fails where open segments are copied of some stores, and what that of another held is lost', () => {
    const after = goodBackup(1).filter(({ name }) => name !== segmentName(100));
    const runs = [goodRun(1, { restoration: openLost, after })];
    expect(noLoss.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [{ run: 1, subject: 'events of context default' }],
    });
    expect(noLoss.check(evidence({ runs, capabilities: ['no-open-segment'] }))).toMatchObject({ verdict: 'pass' });
  });

  test('takes what is missing for what the client has declared', () => {
    const runs = [goodRun(1, { restoration: openLost })];
    expect(noLoss.check(evidence({ runs, capabilities: ['no-open-segment'] }))).toMatchObject({ verdict: 'pass' });
    const snapshots = [goodRun(1, { restoration: restoration({ losses: [loss({ type: 'SNAPSHOT' })] }) })];
    expect(noLoss.check(evidence({ runs: snapshots, capabilities: ['no-snapshots'] }))).toMatchObject({
      verdict: 'pass',
    });
    expect(noLoss.check(evidence({ runs: snapshots, capabilities: ['no-open-segment'] }))).toMatchObject({
      verdict: 'fail',
    });
  });

  test('says nothing of backups that do not restore, or are not claimed to', () => {
    const runs = [
      goodRun(1, { restoration: restoration({ problems: [problem('no-control-db')] }) }),
      goodRun(2, { restoration: restoration({ losses: [loss()] }), result: exited(1) }),
    ];
    expect(noLoss.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test('fails where a backup does not restore, and something is known to be missing', () => {
    const broken = restoration({ problems: [problem('event-gap')], losses: [loss()] });
    expect(noLoss.check(evidence({ runs: [goodRun(1, { restoration: broken })] }))).toMatchObject({ verdict: 'fail' });
  });
});
