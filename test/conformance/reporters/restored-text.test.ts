import { describe, expect, test } from 'vitest';
import { describeChoice } from '../../../conformance/oracle/examination/describe-choice.ts';
import { formatConsoleReport } from '../../../conformance/reporters/console.ts';
import { formatJson } from '../../../conformance/reporters/json.ts';
import { formatMarkdown } from '../../../conformance/reporters/markdown.ts';
import { describeRestored } from '../../../conformance/reporters/restored-text.ts';
import { plainStyle } from '../../../conformance/reporters/style.ts';
import { backupFile } from '../../support/evidence.ts';
import { buildReport, failedRule, scenarioResult } from '../../support/report.ts';

const restored = {
  run: 3,
  why: 'slot-b is the newest of 2 that hold a control database and a log of every group',
  controlDb: 'slot-b/controldb1.zip',
  logs: [{ group: 'default', from: [{ place: 'slot-b/log/default', segments: 2 }] }],
  stores: [
    {
      context: 'default',
      type: 'EVENT',
      from: [
        { place: 'slot-b/events', segments: 1 },
        { place: 'slot-a/events', segments: 4 },
      ],
    },
    { context: 'default', type: 'SNAPSHOT', from: [] },
  ],
};

describe('what was restored', () => {
  test('is told part by part, with why it was that', () => {
    expect(describeRestored(restored)).toEqual([
      'run 3: slot-b is the newest of 2 that hold a control database and a log of every group',
      'slot-b/controldb1.zip',
      'log of default: 2 segments from slot-b/log/default',
      'events of default: 1 segment from slot-b/events, 4 segments from slot-a/events',
      'snapshots of default: none',
    ]);
    expect(describeRestored({ ...restored, controlDb: null })[1]).toBe('no control database');
  });

  const verbose = { detail: 'verbose', reports: [] } as const;

  test('is in the verbose console and in Markdown where the outcome is in question, and always in JSON', () => {
    const lost = buildReport([scenarioResult({ rules: [failedRule({ id: 'outcome/no-loss' })], restored })]);
    expect(formatConsoleReport(lost, plainStyle, () => undefined, verbose)).toMatch(
      /restored +run 3: slot-b is the newest of 2/,
    );
    expect(formatMarkdown(lost)).toContain('- `events of default: 1 segment from slot-b/events');
    const kept = buildReport([scenarioResult({ rules: [failedRule({ id: 'log/replaced' })], restored })]);
    expect(formatConsoleReport(kept, plainStyle, () => undefined, verbose)).not.toContain('slot-b');
    expect(formatMarkdown(kept)).not.toContain('slot-b');
    expect(JSON.parse(formatJson(kept)).scenarios[0].restored).toEqual(restored);
  });

  test('counts the segments of each folder or archive, the newest first', () => {
    const file = (container: string, recency: number) => backupFile({ container, name: `${recency}.log`, recency });
    const segments = [file('old', 1), file('new', 3), file('old', 2)].map((one) => ({ firstIndex: 1, file: one }));
    const choice = describeChoice({
      why: 'so',
      others: 0,
      controlDb: null,
      logs: [{ group: 'default', segments }],
      stores: [],
    });
    expect(choice).toEqual({
      why: 'so',
      controlDb: null,
      logs: [
        {
          group: 'default',
          from: [
            { place: 'new', segments: 1 },
            { place: 'old', segments: 2 },
          ],
        },
      ],
      stores: [],
    });
  });
});
