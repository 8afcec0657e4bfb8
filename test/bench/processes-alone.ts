import * as fs from 'node:fs';
import path from 'node:path';
import type { ClientDriver } from '../../conformance/driver/client-driver.ts';
import { startSimulator } from '../../server/index.ts';
import { timeOf } from './measure.ts';

/** A client's processes on a cluster that stands still, and that nobody watches or judges. */
export interface ProcessesAlone {
  /** Real milliseconds for each of `runs` runs, `jobs` of which go on side by side, each copying about so many files. */
  time(runs: number, filesPerRun: number): Promise<number>;
  close(): Promise<void>;
}

export async function startProcessesAlone(driver: ClientDriver, folder: string, jobs: number): Promise<ProcessesAlone> {
  const sizes = { segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 };
  const dataDir = path.join(folder, 'cluster');
  const simulator = await startSimulator({ port: 0, speed: 0, rate: 0, dataDir, ...sizes });
  const closed = (): number => simulator.state().nodes[0]?.contexts['default']?.EVENT.closedSegments.count ?? 0;
  const logFolder = path.join(simulator.nodes[0]?.logDir ?? '', 'default');
  const logFiles = (): number => fs.readdirSync(logFolder).filter((name) => name.endsWith('.log')).length;
  // A closed segment has two companions; the open ones and the log of _admin are three files more.
  const listed = (): number => closed() * 3 + logFiles() + 3;

  async function runOnce(place: string): Promise<void> {
    const [backupDir, stateDir, temporaryDir] = ['backup', 'state', 'tmp'].map((name) => path.join(place, name));
    for (const each of [backupDir, stateDir, temporaryDir]) fs.mkdirSync(each ?? '', { recursive: true });
    const { exitCode, stderr } = await driver.run({
      run: 1,
      url: simulator.nodes[0]?.url ?? '',
      nodes: simulator.nodes,
      contexts: ['default'],
      groups: ['_admin', 'default'],
      token: null,
      backupDir: backupDir ?? '',
      stateDir: stateDir ?? '',
      temporaryDir: temporaryDir ?? '',
      timeoutMs: 60_000,
      kill: new AbortController().signal,
    });
    if (exitCode !== 0) throw new Error(`the client ends with ${exitCode}: ${stderr}`);
  }

  return {
    time: async (runs, filesPerRun) => {
      while (listed() < filesPerRun) {
        await simulator.control.append('default', { transactions: 20 });
        await simulator.clock.advance(10_000);
      }
      const places = Array.from({ length: runs }, (_, place) => path.join(folder, `run-${place}`));
      const waiting = [...places];
      const work = async (): Promise<void> => {
        for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) await runOnce(place);
      };
      const takenMs = await timeOf(async () => {
        await Promise.all(Array.from({ length: jobs }, work));
      });
      for (const place of places) fs.rmSync(place, { recursive: true, force: true });
      return takenMs / runs;
    },
    close: () => simulator.close(),
  };
}
