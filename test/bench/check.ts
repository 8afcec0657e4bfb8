import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { CommandDriver } from '../../conformance/driver/command-driver.ts';
import { memoryFolder } from '../../conformance/check/memory-folder.ts';
import { runConformance } from '../../conformance/check/run-conformance.ts';
import { startSimulator } from '../../server/index.ts';
import { report } from './measure.ts';

const MOST_SECONDS = 60;
const MOST_RATIO = 2.5;
const RUNS_ALONE = 40;
const argv = [process.execPath, 'dist/fixtures/clients/reference.js'];
const driver = new CommandDriver({ argv, useShell: false, environment: process.env });

/**
 * The full check of the reference client, against as many of its processes alone: the same client, as many side by side,
 * and copying as many files each, but on a cluster that stands still and is neither watched nor judged. Beside that, how
 * much of the check's own time its client took.
 */
export async function benchCheck(folder: string): Promise<void> {
  const jobs = os.availableParallelism();
  const memory = memoryFolder(process.env, jobs);
  process.stdout.write(`checking the reference client in ${memory ?? os.tmpdir()} …\n`);
  let runs = 0;
  let files = 0;
  const startMs = performance.now();
  const checked = await runConformance({
    driver,
    jobs,
    onEvidence: (evidence) => {
      runs += evidence.runs.length;
      for (const { answer } of evidence.runs.flatMap(({ requests }) => requests)) {
        if (answer.kind === 'segments' || answer.kind === 'log') files += answer.files.length;
      }
    },
  });
  const seconds = (performance.now() - startMs) / 1000;
  if (checked.exitCode !== 0) throw new Error(`the reference client ends its check with ${checked.exitCode}`);
  const sum = (part: 'totalMs' | 'clientMs'): number =>
    checked.scenarios.reduce((total, { wallClock }) => total + wallClock[part], 0);
  const within = sum('totalMs') / sum('clientMs');
  const place = memory === null ? folder : fs.mkdtempSync(path.join(memory, 'axon-backup-kit-bench-'));
  const alone = await timeAlone(place, jobs, Math.round(files / runs)).finally(() => {
    fs.rmSync(place, { recursive: true, force: true });
  });
  const aloneSeconds = (alone.msPerRun * runs) / 1000;
  const ratio = seconds / aloneSeconds;
  const size = `${checked.scenarios.length} scenarios, ${runs} runs, ${jobs} side by side`;
  report(
    'full check',
    `${seconds.toFixed(1)} s for ${size}`,
    `under ${MOST_SECONDS} s on 2 cores`,
    seconds < MOST_SECONDS,
  );
  const spent = `${(sum('totalMs') / 1000).toFixed(1)} s in all scenarios, ${(sum('clientMs') / 1000).toFixed(1)} s of them in the client, ratio ${within.toFixed(2)}`;
  report('check against the time in its processes', spent, `${MOST_RATIO} at most`, within <= MOST_RATIO);
  const figure = `${aloneSeconds.toFixed(1)} s for as many processes with ${alone.files} files each, ratio ${ratio.toFixed(2)}`;
  report('check against its processes alone', figure, `${MOST_RATIO} at most`, ratio <= MOST_RATIO);
}

/** Real milliseconds for each run, where so many go on side by side and copy about as many files each. */
async function timeAlone(
  folder: string,
  jobs: number,
  filesPerRun: number,
): Promise<{ readonly msPerRun: number; readonly files: number }> {
  const sizes = { segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 };
  const simulator = await startSimulator({
    port: 0,
    speed: 0,
    rate: 0,
    dataDir: path.join(folder, 'cluster'),
    ...sizes,
  });
  try {
    const closed = (): number => simulator.state().nodes[0]?.contexts['default']?.EVENT.closedSegments.count ?? 0;
    const logFolder = path.join(simulator.nodes[0]?.logDir ?? '', 'default');
    const logFiles = (): number => fs.readdirSync(logFolder).filter((name) => name.endsWith('.log')).length;
    // A closed segment has two companions; the open ones and the log of _admin are three files more.
    const listed = (): number => closed() * 3 + logFiles() + 3;
    while (listed() < filesPerRun) {
      await simulator.control.append('default', { transactions: 20 });
      await simulator.clock.advance(10_000);
    }
    const waiting = Array.from({ length: RUNS_ALONE }, (_, place) => path.join(folder, `alone-${place}`));
    const startMs = performance.now();
    const work = async (): Promise<void> => {
      for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
        const backupDir = path.join(place, 'backup');
        const stateDir = path.join(place, 'state');
        const temporaryDir = path.join(place, 'tmp');
        for (const each of [backupDir, stateDir, temporaryDir]) fs.mkdirSync(each, { recursive: true });
        const { exitCode, stderr } = await driver.run({
          run: 1,
          url: simulator.nodes[0]?.url ?? '',
          nodes: simulator.nodes,
          contexts: ['default'],
          groups: ['_admin', 'default'],
          token: null,
          backupDir,
          stateDir,
          temporaryDir,
          timeoutMs: 60_000,
          kill: new AbortController().signal,
        });
        if (exitCode !== 0) throw new Error(`the reference client ends with ${exitCode}: ${stderr}`);
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
    return { msPerRun: (performance.now() - startMs) / RUNS_ALONE, files: listed() };
  } finally {
    await simulator.close();
  }
}
