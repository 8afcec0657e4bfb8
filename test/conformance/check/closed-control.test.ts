import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver, type ClientInvocation } from '../../../conformance/driver/function-driver.ts';
import type { Evidence } from '../../../conformance/journal/evidence.ts';
import { formatConsoleReport } from '../../../conformance/reporters/console.ts';
import { formatHtml } from '../../../conformance/reporters/html.ts';
import { formatJson } from '../../../conformance/reporters/json.ts';
import { formatMarkdown } from '../../../conformance/reporters/markdown.ts';
import { createReporterStyle } from '../../../conformance/reporters/style.ts';
import type { Report } from '../../../conformance/verdict/report.ts';

/** A client that tries this on the control API of the first node. */
async function play(
  steer: (url: string) => Promise<void>,
): Promise<{ readonly report: Report; readonly evidence: Evidence | undefined }> {
  const client = async ({ url }: ClientInvocation): Promise<void> => {
    await fetch(`${url}/v1/backup/createControlDbBackup`, { method: 'POST' });
    await steer(url);
  };
  let evidence: Evidence | undefined;
  const report = await runConformance({
    driver: new FunctionDriver(client),
    only: ['growth/first-backup'],
    jobs: 1,
    keepsFailures: false,
    onEvidence: (left) => (evidence = left),
  });
  return { report, evidence };
}

/* A client could move the clock past everything, or read what was planned for it, and pass. */
describe('the control API during a check', () => {
  const calls = [
    ['POST', '/_sim/reset'],
    ['POST', '/_sim/clock/advance'],
    ['GET', '/_sim/faults'],
    ['PUT', '/_sim/faults'],
    ['GET', '/_sim/state'],
    ['GET', '/_sim/events'],
    ['GET', '/_sim/nodes/node-1/archive.tar'],
  ] as const;

  test('is closed to the client, whatever it calls, and the calls are in the evidence', async () => {
    const statuses: number[] = [];
    const { evidence } = await play(async (url) => {
      for (const [method, path] of calls) {
        const body = method === 'GET' ? {} : { body: '{"by":"2h"}', headers: { 'content-type': 'application/json' } };
        statuses.push((await fetch(`${url}${path}`, { method, ...body })).status);
      }
      statuses.push((await fetch(`${url}/_sim/reset`, { method: 'POST', headers: { 'X-Sim-Key': 'a guess' } })).status);
    });
    expect(statuses).toEqual(statuses.map(() => 403));
    const refused = evidence?.runs[0]?.refusedControl;
    expect(refused?.count).toBe(calls.length + 1);
    expect(refused?.first.map(({ method, path }) => [method, path])).toEqual([...calls, ['POST', '/_sim/reset']]);
    // It is no request of a backup: rules that look at those do not see it, and it costs no time.
    expect(evidence?.runs[0]?.requests.map(({ path }) => path)).toEqual(['/v1/backup/createControlDbBackup']);
  });

  test('is told of by every report for people and programs', async () => {
    const { report } = await play(async (url) => {
      for (let time = 0; time < 3; time++) await fetch(`${url}/_sim/reset`, { method: 'POST' });
    });
    const note =
      /run 1 called the control API, which is the kit's own, and was answered 403: POST \/_sim\/reset on node-1 at \S+, and 2 more calls/;
    expect(report.scenarios[0]?.notes).toEqual([expect.stringMatching(note)]);
    const plain = createReporterStyle(process.stdout, { NO_COLOR: '1' });
    const texts = [
      formatConsoleReport(report, plain).replaceAll(/\s+/g, ' '),
      formatMarkdown(report),
      formatHtml(report).replaceAll('&#x27;', "'"),
    ];
    for (const text of texts) expect(text).toMatch(note);
    expect(JSON.parse(formatJson(report))).toMatchObject({ scenarios: [{ notes: [expect.stringMatching(note)] }] });
  });

  test('is not spoken of where nobody has called it, and its calls are counted rather than kept', async () => {
    const quiet = await play(async () => undefined);
    expect(quiet.report.scenarios[0]).not.toHaveProperty('notes');
    const loud = await play(async (url) => {
      for (let time = 0; time < 50; time++) await fetch(`${url}/_sim/${'x'.repeat(1000)}`);
    });
    const refused = loud.evidence?.runs[0]?.refusedControl;
    expect([refused?.count, refused?.first.length]).toEqual([50, 20]);
    expect(JSON.stringify(refused).length).toBeLessThan(10_000);
  });
});

test('nothing that a client is told says which scenario it plays', async () => {
  const told: string[] = [];
  const client = async ({ signal: _signal, ...values }: ClientInvocation): Promise<void> => {
    told.push(JSON.stringify(values));
  };
  const only = ['log/compacted-between-runs', 'growth/first-backup'];
  await runConformance({ driver: new FunctionDriver(client), only, jobs: 2, keepsFailures: false });
  expect(told.length).toBeGreaterThan(1);
  for (const text of told) expect(text).not.toMatch(/compacted|between-runs|first-backup|growth/);
});
