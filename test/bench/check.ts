import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CommandDriver } from '../../conformance/driver/command-driver.ts';
import { runConformance } from '../../conformance/check/run-conformance.ts';
import type { BenchPlace } from './bench.ts';
import { createFigure, type Figure } from './figure.ts';
import { timeOf } from './measure.ts';
import { startProcessesAlone } from './processes-alone.ts';

const MOST_RATIO = 1.5;
/** The check is played in so many parts, each beside its share of processes alone. */
const PARTS = 6;
const ALONE_PER_PART = 16;

const driver = new CommandDriver({
  argv: [process.execPath, 'dist/fixtures/clients/reference.js'],
  useShell: false,
  environment: process.env,
});

/** A check of the reference client, beside as many of its processes alone. */
export async function measureCheck({ runs, folder, say }: BenchPlace): Promise<readonly Figure[]> {
  const jobs = os.availableParallelism();
  const checks: Totals[] = [];
  for (let run = 0; run < runs; run++) {
    const alone = await startProcessesAlone(driver, path.join(folder, `alone-${run}`), jobs);
    try {
      const total = { scenarios: 0, runs: 0, checkMs: 0, aloneMs: 0, totalMs: 0, clientMs: 0 };
      for (let index = 1; index <= PARTS; index++) {
        say(`part ${index} of ${PARTS}`);
        const part = await checkPart(index, jobs);
        const msPerRun = await alone.time(ALONE_PER_PART, Math.round(part.files / part.runs));
        total.scenarios += part.scenarios;
        total.runs += part.runs;
        total.checkMs += part.checkMs;
        total.aloneMs += msPerRun * part.runs;
        total.totalMs += part.totalMs;
        total.clientMs += part.clientMs;
      }
      checks.push(total);
    } finally {
      await alone.close();
      fs.rmSync(path.join(folder, `alone-${run}`), { recursive: true, force: true });
    }
  }
  const [first] = checks;
  return [
    createFigure({
      what: 'a check',
      unit: 's',
      measured: { name: 'the check', values: checks.map(({ checkMs }) => checkMs / 1000) },
      baseline: { name: 'its processes alone', values: checks.map(({ aloneMs }) => aloneMs / 1000) },
      promised: { of: 'ratio', bound: 'at most', limit: MOST_RATIO },
      notes: [`${first?.scenarios} scenarios, ${first?.runs} runs of the client, ${jobs} side by side`],
    }),
    createFigure({
      what: 'all scenarios, added up',
      unit: 's',
      measured: { name: 'the scenarios', values: checks.map(({ totalMs }) => totalMs / 1000) },
      baseline: { name: 'in the client', values: checks.map(({ clientMs }) => clientMs / 1000) },
    }),
  ];
}

interface Totals {
  readonly scenarios: number;
  readonly runs: number;
  readonly checkMs: number;
  readonly aloneMs: number;
  readonly totalMs: number;
  readonly clientMs: number;
}

/** Plays one part of all scenarios; fails where the reference client does not pass. */
async function checkPart(index: number, jobs: number): Promise<Omit<Totals, 'aloneMs'> & { readonly files: number }> {
  let runs = 0;
  let files = 0;
  let totalMs = 0;
  let clientMs = 0;
  let scenarios = 0;
  const checkMs = await timeOf(async () => {
    const report = await runConformance({
      driver,
      jobs,
      shard: { index, count: PARTS },
      onEvidence: (evidence) => {
        runs += evidence.runs.length;
        for (const { answer } of evidence.runs.flatMap(({ requests }) => requests))
          if (answer.kind === 'segments' || answer.kind === 'log') files += answer.files.length;
      },
    });
    if (report.exitCode !== 0) throw new Error(`the reference client ends its check with ${report.exitCode}`);
    scenarios = report.scenarios.length;
    for (const { wallClock } of report.scenarios) {
      totalMs += wallClock.totalMs;
      clientMs += wallClock.clientMs;
    }
  });
  return { scenarios, runs, files, checkMs, totalMs, clientMs };
}
