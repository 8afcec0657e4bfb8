/** `npm run fuzz`: gives the reader behind `verify` damaged backups, as many as one has time for. See README.md. */
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Campaign, type CampaignOptions } from './campaign.ts';
import { formatProgress, formatSummary } from './summary.ts';
import type { Recipe } from './recipe.ts';
import { removeTree } from './write-tree.ts';

const usage = `npm run fuzz -- [--minutes N] [--inputs N] [--seed S] [--from N] [--jobs N] [--out FOLDER]
npm run fuzz -- --replay FILE      a recipe (.json), an archive, or a folder
`;

const EXIT_FOUND = 1;
const EXIT_USAGE = 64;
const EXIT_FAILED = 70;
const PROGRESS_MS = 10_000;

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = EXIT_FAILED;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === null) {
    process.stderr.write(usage);
    return EXIT_USAGE;
  }
  const { minutes, replay, ...rest } = options;
  const stop = new AbortController();
  const workFolder = fs.mkdtempSync(
    path.join(fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'axon-backup-kit-fuzz-'),
  );
  process.once('SIGINT', () => stop.abort());
  const timer = setTimeout(() => stop.abort(), minutes * 60_000);
  try {
    const campaignOptions = {
      ...rest,
      workFolder,
      signal: stop.signal,
      worker: path.join(import.meta.dirname, 'worker.js'),
      nowMs: () => Date.now(),
    };
    return replay === null ? await runCampaign(campaignOptions) : await replayFile(replay, campaignOptions);
  } finally {
    clearTimeout(timer);
    removeTree(workFolder);
  }
}

type Options = Omit<CampaignOptions, 'onProgress'>;

async function runCampaign(options: Options): Promise<number> {
  const startMs = performance.now();
  let toldMs = startMs;
  const campaign = new Campaign({
    ...options,
    onProgress: (tally) => {
      const nowMs = performance.now();
      if (nowMs - toldMs < (process.stderr.isTTY ? PROGRESS_MS / 10 : PROGRESS_MS)) return;
      toldMs = nowMs;
      const line = formatProgress(tally, nowMs - startMs);
      process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    },
  });
  const tally = await campaign.run();
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  process.stdout.write(
    `seed      ${options.seed}, from input ${options.from}\n${formatSummary(tally, performance.now() - startMs)}`,
  );
  return tally.finds.length > 0 ? EXIT_FOUND : 0;
}

async function replayFile(file: string, options: Options): Promise<number> {
  const campaign = new Campaign({ ...options, onProgress: () => undefined });
  const failures = await campaign.replay(
    file.endsWith('.json')
      ? { kind: 'recipe', recipe: JSON.parse(fs.readFileSync(file, 'utf8')) as Recipe }
      : { kind: 'path', path: path.resolve(file) },
  );
  for (const { kind, message } of failures) process.stdout.write(`${kind}: ${message}\n`);
  if (failures.length === 0) process.stdout.write('no failure\n');
  return failures.length > 0 ? EXIT_FOUND : 0;
}

function readOptions():
  | (Pick<Options, 'seed' | 'from' | 'inputs' | 'jobs' | 'findsFolder'> & {
      readonly minutes: number;
      readonly replay: string | null;
    })
  | null {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      options: { minutes: text, inputs: text, seed: text, from: text, jobs: text, out: text, replay: text },
    });
    const number = (value: string | undefined, otherwise: number): number => {
      const found = value === undefined ? otherwise : Number(value);
      if (!(found >= 0)) throw new RangeError(`${value} is no number`);
      return found;
    };
    const hasEnd = values.minutes !== undefined || values.inputs !== undefined;
    return {
      seed: number(values.seed, 1),
      from: number(values.from, 1),
      inputs: number(values.inputs, Number.MAX_SAFE_INTEGER / 2),
      // Timers go no further than 24 days.
      minutes: Math.min(number(values.minutes, hasEnd ? 30_000 : 1), 30_000),
      jobs: Math.max(1, number(values.jobs, 1)),
      findsFolder: path.resolve(values.out ?? path.join(os.tmpdir(), 'axon-backup-kit-fuzz-finds')),
      replay: values.replay ?? null,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}
