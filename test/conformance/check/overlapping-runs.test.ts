import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgeScenario, type Judged } from '../../../conformance/check/judge/judge.ts';
import { playScenario } from '../../../conformance/check/play/scenario-run.ts';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import type { ClientDriver, RunResult } from '../../../conformance/driver/client-driver.ts';
import type { Evidence } from '../../../conformance/journal/evidence.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import { overlappingRuns } from '../../../conformance/scenarios/interruption/overlapping-runs.ts';
import { driverOf } from '../../support/fixture-client.ts';
import { playClient } from '../../support/played-client.ts';
import { starterScript } from '../../support/starter-client.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const reference = driverOf('reference');

/** Goes on with the port that the node says is its own. */
const ASKS_FOR_PORT = `set -euo pipefail
AXONSERVER_URL="http://127.0.0.1:$(curl -fsS "$AXONSERVER_URL/v1/public/me" | jq .httpPort)"`;

/** Plays the scenario; `silence` says when a client that asks for nothing counts as waiting. */
async function play(
  driver: ClientDriver,
  silence: () => Promise<void> = () => new Promise(() => undefined),
): Promise<{ readonly evidence: Evidence; readonly judged: Judged }> {
  const { evidence } = await playScenario({
    scenario: overlappingRuns,
    driver,
    seed: 1,
    serverVersion: 'documented',
    edition: 'enterprise',
    timeoutMs: 60_000,
    capabilities: [],
    folder: temporaryFolder(),
    ownFolder: temporaryFolder(),
    controlKey: 'a-key',
    unpack: null,
    signal: new AbortController().signal,
    realTimeMs: () => 0,
    waitMs: silence,
  });
  return { evidence, judged: judgeScenario(overlappingRuns, evidence, rules) };
}

const refusal: RunResult = { exitCode: 75, signal: null, hasTimedOut: false, stdout: '', stderr: 'another runs' };

/** A client with a lock: what it does where that is taken is `whenTaken`. */
function withLock(whenTaken: (free: Promise<void>) => Promise<RunResult | null>): ClientDriver {
  let free: Promise<void> | null = null;
  return {
    argv: ['reference, with a lock'],
    run: async (invocation) => {
      const instead = free === null ? null : await whenTaken(free);
      if (instead !== null) return instead;
      let leave = (): void => undefined;
      free = new Promise((resolve) => (leave = resolve));
      try {
        return await reference.run(invocation);
      } finally {
        free = null;
        leave();
      }
    },
  };
}

describe('two runs at a time', () => {
  test('are told apart: one lies within the other, and each has its own requests', async () => {
    const { evidence, judged } = await play(reference);
    expect(judged.status).toBe('pass');
    const [, inner, outer] = evidence.runs;
    expect(evidence.runs.map(({ run, result }) => [run, result.exitCode])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
    ]);
    expect(inner?.startMs).toBeGreaterThan(outer?.startMs ?? 0);
    expect(inner?.endMs).toBeLessThan(outer?.endMs ?? 0);
    const asked = (run: number): string[] =>
      (evidence.runs[run - 1]?.requests ?? []).map((request) => `${request.path} ${request.query['type'] ?? ''}`);
    expect(asked(2)).toEqual(asked(1));
    expect(asked(3)).toEqual(asked(1));
    for (const { run, requests } of evidence.runs) expect(requests.every((request) => request.run === run)).toBe(true);
    expect(outer?.before.files).toEqual(evidence.runs[0]?.after.files);
  });

  test('come out the same each time', async () => {
    const facts = async (): Promise<unknown> => {
      const { evidence, judged } = await play(reference);
      return [judged, evidence.runs.map(({ run, startMs, endMs, requests }) => [run, startMs, endMs, requests.length])];
    };
    expect(await facts()).toEqual(await facts());
  });

  test('are fine where the second refuses, without asking for anything', async () => {
    const { evidence, judged } = await play(withLock(() => Promise.resolve(refusal)));
    expect(evidence.runs.map(({ result }) => result.exitCode)).toEqual([0, 75, 0, 0]);
    expect(judged).toMatchObject({ status: 'pass', message: null });
  });

  test('are fine where the second waits for the first: it begins in earnest when that is judged', async () => {
    let noteWaiting = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      noteWaiting = resolve;
    });
    const driver = withLock(async (free) => {
      noteWaiting();
      await free;
      return null;
    });
    const { evidence, judged } = await play(driver, () => waiting);
    const [, outer, inner] = evidence.runs;
    expect(evidence.runs.map(({ run, result }) => [run, result.exitCode])).toEqual([
      [1, 0],
      [3, 0],
      [4, 0],
      [5, 0],
    ]);
    expect(inner?.requests[0]?.ordinal).toBeGreaterThan(outer?.requests.at(-1)?.ordinal ?? 0);
    expect(judged).toMatchObject({ status: 'pass', message: null });
  });

  /** Two runs were told apart by the `Host` header: whoever sent another one, or none, failed six rules. */
  test.each([
    ['the Host header of a front', "-H 'Host: axonserver.example'"],
    ['HTTP/1.0 without one', "-0 -H 'Host:'"],
    ['the port that /v1/public/me tells', '--config <(echo)', true],
  ])('are told apart of a client that sends %s', async (_what, headers, asksForPort = false) => {
    const script = path.join(temporaryFolder(), 'backup.sh');
    fs.writeFileSync(script, fs.readFileSync(starterScript, 'utf8').replace('curl -fsS', `curl ${headers} -fsS`));
    if (asksForPort)
      fs.writeFileSync(script, fs.readFileSync(script, 'utf8').replace('set -euo pipefail', ASKS_FOR_PORT));
    const driver = new CommandDriver({ argv: ['bash', script], useShell: false, environment: process.env });
    const { judged } = await play(driver);
    expect(judged.rules.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(judged.message).toBeNull();
  });

  test('are the end of a client that builds every backup in one place', async () => {
    const report = await playClient('one-stage-for-all', [overlappingRuns.id]);
    expect(report.rules.filter(({ status }) => status === 'fail').map(({ id }) => id)).toContain('outcome/restorable');
  });

  test('are not reached by a client that asks for no events', async () => {
    const report = await playClient('noop', [overlappingRuns.id]);
    expect(report.scenarios[0]?.hazards).toEqual([{ id: 'two-runs-overlapping', reached: false }]);
    expect(report.exitCode).toBe(1);
  });
});
