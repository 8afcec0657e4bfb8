import { describe, expect, test } from 'vitest';
import { timelineOf } from '../../../conformance/check/judge/timeline-of.ts';
import type { LogSample } from '../../../conformance/journal/evidence.ts';
import { evidence, exited, firstMs, goodRun, loss, minuteMs, post, restoration, run } from '../../support/evidence.ts';
import { failedRule, finding, ruleResult } from '../../support/report.ts';

const hourMs = 60 * minuteMs;

const sampleOf = (node: string): LogSample => ({
  atMs: firstMs,
  node,
  group: 'default',
  firstIndex: 1,
  lastIndex: 1,
  commitIndex: 1,
  appliedIndex: 1,
  nextCleaningMs: null,
});

describe('the timeline of a scenario', () => {
  test('has the runs, and each request with what it was about', () => {
    const { runs, requests } = timelineOf(evidence(), []);
    expect(runs).toEqual([
      { run: 1, node: 'node-1', startMs: firstMs + 2 * hourMs, endMs: firstMs + 2 * hourMs + 6000, exitCode: 0 },
    ]);
    expect(requests.map(({ about, subject, type, files }) => [about, subject, type, files])).toEqual([
      ['control-db-backup', null, undefined, 1],
      ['log', '_admin', undefined, 2],
      ['log', 'default', undefined, 2],
      ['segments', 'default', 'EVENT', 2],
      ['segments', 'default', 'SNAPSHOT', 2],
    ]);
    for (const { atMs, copiedUntilMs } of requests) expect(copiedUntilMs).toBe(atMs);
  });

  test('has an answer copied until the run had done so, as it was charged', () => {
    const known = evidence();
    const copying = { place: 1, tookMs: 700, afterMs: 900, shownBy: { kind: 'end' }, seenAtRequest: null } as const;
    const runs = known.runs.map((each) => ({
      ...each,
      requests: each.requests.map((request) => ({ ...request, copying })),
    }));
    const { requests } = timelineOf({ ...known, runs }, []);
    expect(requests.length).toBeGreaterThan(0);
    for (const { atMs, copiedUntilMs } of requests) expect(copiedUntilMs).toBe(atMs + 900);
  });

  test('marks the earliest finding of what failed, rather than of what is only warned of', () => {
    const { violation } = timelineOf(evidence(), [
      ruleResult({ id: 'order/same-node', status: 'warn', evidence: [finding({ atMs: firstMs })] }),
      failedRule({ id: 'log/replaced', evidence: [finding({ atMs: firstMs + 9 })] }),
      failedRule({ id: 'log/all-groups', evidence: [finding({ atMs: firstMs + 8 }), finding({ atMs: firstMs + 5 })] }),
      ruleResult({ id: 'copy/faithful' }),
    ]);
    expect(violation).toEqual({
      atMs: firstMs + 5,
      rule: 'log/all-groups',
      run: 1,
      message: `${finding().subject}: ${finding().actual}`,
    });
  });

  test('marks a warning where nothing failed, and nothing where nothing was wrong', () => {
    const warned = ruleResult({ id: 'order/same-node', status: 'warn', evidence: [finding()] });
    expect(timelineOf(evidence(), [warned]).violation?.rule).toBe('order/same-node');
    expect(timelineOf(evidence(), [ruleResult()]).violation).toBeNull();
  });

  test('a finding that belongs to a run, and to no moment of it, is marked at its end', () => {
    const runs = [goodRun(1), goodRun(2)];
    const { violation } = timelineOf(evidence({ runs }), [failedRule({ evidence: [finding({ run: 2, atMs: null })] })]);
    expect(violation?.atMs).toBe(runs[1]?.endMs);
  });

  test('shows the node of the run in which the rule was broken, or of the last run', () => {
    const runs = [run({ run: 1, node: 'node-2' }), run({ run: 2, node: 'node-3' })];
    expect(timelineOf(evidence({ runs }), []).node).toBe('node-3');
    expect(timelineOf(evidence({ runs }), [failedRule({ evidence: [finding({ run: 1 })] })]).node).toBe('node-2');
  });

  test('has the samples of that node alone', () => {
    const { samples } = timelineOf(evidence({ samples: [sampleOf('node-1'), sampleOf('node-2')] }), []);
    expect(samples).toHaveLength(1);
  });

  test('leaves out contexts and groups that the node does not have, unless something of them is lost', () => {
    const lost = restoration({ losses: [loss({ context: 'lost' })] });
    const absent = evidence({
      contexts: ['default', 'absent', 'lost'],
      absentContexts: new Map([['node-1', ['absent', 'lost']]]),
      runs: [goodRun(1, { restoration: lost })],
      samples: [sampleOf('node-1')],
    });
    expect(timelineOf(absent, [])).toMatchObject({ contexts: ['default', 'lost'], groups: ['default'] });
  });

  test('has what is lost of the last backup that was said to be good, on the axis of time', () => {
    const lossy = (number: number, fromMs: number, exitCode = 0) =>
      goodRun(number, { result: exited(exitCode), restoration: restoration({ losses: [loss({ fromMs })] }) });
    const runs = [lossy(1, firstMs + 1), lossy(2, firstMs + 2), lossy(3, firstMs + 3, 1)];
    expect(timelineOf(evidence({ runs }), []).losses).toEqual([
      {
        context: 'default',
        type: 'EVENT',
        events: 3,
        firstToken: 50,
        lastToken: 52,
        fromMs: firstMs + 2,
        toMs: firstMs + 2002,
      },
    ]);
  });

  test('what a log takes with it that cannot be applied is lost, too', () => {
    const runs = [goodRun(1, { restoration: restoration({ stranded: [loss({ events: 7 })] }) })];
    expect(timelineOf(evidence({ runs }), []).losses).toMatchObject([{ events: 7 }]);
  });

  test('begins some hours before the first run, unless something older is lost', () => {
    const startMs = firstMs + 24 * hourMs;
    const events = [{ atMs: firstMs, kind: 'configuration-changed', change: 'ADD_CONTEXT', name: 'default' } as const];
    const quiet = evidence({ events, runs: [run({ startMs })] });
    expect(timelineOf(quiet, []).fromMs).toBe(startMs - 4 * hourMs);
    const old = restoration({ losses: [loss({ fromMs: firstMs + hourMs })] });
    expect(timelineOf({ ...quiet, runs: [run({ startMs, restoration: old })] }, []).fromMs).toBe(firstMs + hourMs);
  });

  test('a scenario without any run has a picture all the same', () => {
    expect(timelineOf(evidence({ runs: [] }), [])).toMatchObject({ runs: [], requests: [], violation: null });
  });

  test('survives JSON', () => {
    const journal = timelineOf(evidence(), [failedRule()]);
    expect(JSON.parse(JSON.stringify(journal))).toEqual(journal);
  });

  test('tells no token', () => {
    const secret = 'open sesame';
    const runs = [run({ requests: [post('z.zip', { path: `/x/${encodeURIComponent(secret)}`, query: {} })] })];
    const told = JSON.stringify(
      timelineOf(evidence({ runs, secrets: [secret] }), [failedRule({ evidence: [finding({ actual: secret })] })]),
    );
    expect(told).not.toContain('sesame');
    expect(told).toContain('/x/***');
  });
});
