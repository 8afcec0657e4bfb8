import { describe, expect, test } from 'vitest';
import { runConformance, type ConformanceOptions } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver, type ClientFunction } from '../../../conformance/driver/function-driver.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import type { Report } from '../../../conformance/verdict/report.ts';
import { inProcess } from '../../support/reference-in-process.ts';

const unheeded = new AbortController().signal;
const noSnapshots = { typesOf: () => ['EVENT' as const] };

function check(client: ClientFunction, options: Partial<ConformanceOptions> = {}): Promise<Report> {
  const only = options.scenarios === undefined ? { only: ['interruption/asked-to-end'] } : {};
  return runConformance({ driver: new FunctionDriver(client), jobs: 1, keepsFailures: false, ...only, ...options });
}

function failedIn({ rules }: Report): string[] {
  return rules.filter(({ status }) => status === 'fail').map(({ id }) => id);
}

describe('a client that is asked to end', () => {
  test('may fail', async () => {
    expect(await check(inProcess())).toMatchObject({ exitCode: 0 });
  });

  test.each<[what: string, client: ClientFunction, options: Partial<ConformanceOptions>]>([
    ['a newer release', inProcess(), {}],
    ['4.5, whose segments are full and not closed', inProcess(), { serverVersion: '4.5' }],
    ['one that has no snapshots to lose', inProcess(noSnapshots), { capabilities: ['no-snapshots'] }],
  ])('may finish its backup all the same: %s', async (_what, client, options) => {
    const goesOn: ClientFunction = (told) => client({ ...told, signal: unheeded });
    const report = await check(goesOn, options);
    expect([failedIn(report), report.exitCode]).toEqual([[], 0]);
    expect(report.scenarios[0]?.runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  });

  test('may not call a backup good that is not there, and that is the one thing that it is told', async () => {
    const content: ClientFunction = (told) =>
      inProcess()(told).catch((error: unknown) => {
        if (!told.signal.aborted) throw error;
      });
    expect(failedIn(await check(content))).toEqual(['outcome/exit-status-true']);
  });

  test('is judged as any other where it has finished a backup that lacks something', async () => {
    const goesOn: ClientFunction = (told) => inProcess(noSnapshots)({ ...told, signal: unheeded });
    expect(failedIn(await check(goesOn))).toContain('coverage/snapshots');
  });

  test('dies where it is killed behind that', async () => {
    const dies: Scenario = {
      id: 'asked/and-killed',
      title: '',
      story: '',
      cluster: { nodes: 1, rate: 0, segmentSizeBytes: 8192, logSegmentSizeBytes: 8192 },
      steps: [
        { kind: 'append', transactions: 60 },
        { kind: 'advance', by: '10s' },
        {
          kind: 'run',
          surprises: [
            {
              at: { path: '/v1/backup/log/filenames', when: 'arrives' },
              happens: [{ kind: 'kill-client', signal: 'SIGTERM' }, { kind: 'kill-client' }],
            },
          ],
        },
        { kind: 'run' },
      ],
      hazards: [],
      rules: [],
    };
    const { scenarios } = await check(inProcess(), { scenarios: [dies] });
    expect(scenarios[0]?.runs).toMatchObject([{ exitCode: null, signal: 'SIGKILL' }, { exitCode: 0 }]);
  });
});
