import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { CommandDriver } from '../../conformance/driver/command-driver.ts';
import { runConformance } from '../../conformance/index.ts';
import { startSimulator } from '../../server/index.ts';
import { report } from './measure.ts';

const MOST_SECONDS = 60;
const MOST_RATIO = 2.5;
const RUNS_ALONE = 40;
const client: readonly [string, ...string[]] = [process.execPath, 'dist/fixtures/clients/reference.js'];

/**
 * The full check of the reference client, against as many of its processes alone: the same client, as many side by side,
 * against a cluster that stands still and is neither watched nor judged, with a store like that of most scenarios.
 */
export async function benchCheck(folder: string): Promise<void> {
  process.stdout.write('checking the reference client …\n');
  const jobs = os.availableParallelism();
  const aloneMs = await timeAlone(folder, jobs);
  const startMs = performance.now();
  const checked = await runConformance({ client, jobs });
  const seconds = (performance.now() - startMs) / 1000;
  const runs = checked.scenarios.reduce((sum, scenario) => sum + scenario.runs.length, 0);
  const ratio = (seconds * 1000) / (aloneMs * runs);
  if (checked.exitCode !== 0) throw new Error(`the reference client ends its check with ${checked.exitCode}`);
  const size = `${checked.scenarios.length} scenarios, ${runs} runs, ${jobs} side by side`;
  report(
    'full check',
    `${seconds.toFixed(1)} s for ${size}`,
    `under ${MOST_SECONDS} s on 2 cores`,
    seconds < MOST_SECONDS,
  );
  const figure = `${((aloneMs * runs) / 1000).toFixed(1)} s for as many processes alone, ratio ${ratio.toFixed(2)}`;
  report('check against its processes', figure, `${MOST_RATIO} at most`, ratio <= MOST_RATIO);
}

/** Real milliseconds for each run, where so many go on side by side. */
async function timeAlone(folder: string, jobs: number): Promise<number> {
  const sizes = { segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 };
  const simulator = await startSimulator({ port: 0, speed: 0, rate: 0, ...sizes });
  try {
    for (const type of ['EVENT', 'SNAPSHOT'] as const)
      await simulator.control.append('default', { transactions: 60, type });
    await simulator.clock.advance(60_000);
    const driver = new CommandDriver({ argv: client, useShell: false, environment: process.env });
    const waiting = Array.from({ length: RUNS_ALONE }, (_, place) => path.join(folder, `alone-${place}`));
    const startMs = performance.now();
    const work = async (): Promise<void> => {
      for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
        const backupDir = path.join(place, 'backup');
        const stateDir = path.join(place, 'state');
        for (const each of [backupDir, stateDir]) fs.mkdirSync(each, { recursive: true });
        const { exitCode, stderr } = await driver.run({
          run: 1,
          url: simulator.nodes[0]?.url ?? '',
          nodes: simulator.nodes,
          contexts: ['default'],
          groups: ['_admin', 'default'],
          token: null,
          backupDir,
          stateDir,
          timeoutMs: 60_000,
          kill: new AbortController().signal,
        });
        if (exitCode !== 0) throw new Error(`the reference client ends with ${exitCode}: ${stderr}`);
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
    return (performance.now() - startMs) / RUNS_ALONE;
  } finally {
    await simulator.close();
  }
}
