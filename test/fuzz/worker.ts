/** A process in which the reader runs: one input after the other, each in a folder of its own. */
import * as fs from 'node:fs';
import path from 'node:path';
import { deserialize } from 'node:v8';
import type { Bases } from './bases.ts';
import { judge, limits, type Judgement, type Surroundings } from './judge.ts';
import { MARK_FILE, type Message, type Order } from './job.ts';
import { readAsVerifyDoes } from './reader-under-test.ts';
import { basesIn, cook, drawInput, takesAway, type Cooked, type Recipe } from './recipe.ts';
import { removeTree, writeTree } from './write-tree.ts';

const PROGRESS_MS = 500;

const { job, folder, basesFile } = JSON.parse(process.argv[2] ?? '') as Order;
const bases = deserialize(fs.readFileSync(basesFile)) as Bases;
const inputFolder = path.join(folder, 'input');
const mark = fs.openSync(path.join(folder, MARK_FILE), 'w');

const strays: string[] = [];
const stop = new AbortController();
let onDry: (() => void) | null = null;

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) =>
    strays.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
}
process.on('beforeExit', () => onDry?.());
process.on('message', () => stop.abort());
// Whoever started it says when to stop.
process.on('SIGINT', () => undefined);
// Else it would keep the event loop from running dry.
process.channel?.unref();

const surroundings: Surroundings = {
  // Of the processor: beside other work an input is none the slower for it. What waits is seen from outside.
  nowMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  peakBytes: () => process.resourceUsage().maxRSS * 1024,
  runsDry: () => new Promise((resolve) => (onDry = resolve)),
  takeStrays: () => strays.splice(0),
};

let told = { inputs: 0, verdicts: {} as Record<string, number>, slowestMs: 0, slowest: 0, peakBytes: 0 };
let toldMs = performance.now();

try {
  await work();
} catch (error) {
  tell({ kind: 'unmade', message: error instanceof Error ? `${error.stack}: ${String(error.cause)}` : String(error) });
}
process.disconnect();

async function work(): Promise<void> {
  let next = 0;
  if (job.kind === 'path') await play(0, null, job.path);
  if (job.kind === 'recipe') await playInput(0, { recipe: job.recipe, tree: await cook(job.recipe, bases) });
  if (job.kind === 'numbers') {
    for (next = job.from; next < job.to && !stop.signal.aborted; next++) {
      markBegin(next);
      await playInput(next, await drawInput(job.seed, next, bases));
      // What was once in memory counts for whatever comes behind it.
      if (surroundings.peakBytes() > limits.residentBytes) {
        next++;
        break;
      }
    }
  }
  tellProgress();
  tell({ kind: 'ended', next });
}

async function playInput(number: number, { recipe, tree }: Cooked): Promise<void> {
  writeTree(inputFolder, tree);
  await play(number, recipe, path.join(inputFolder, recipe.target));
  removeTree(inputFolder);
}

async function play(number: number, recipe: Recipe | null, target: string): Promise<void> {
  markBegin(number);
  const known = recipe === null ? null : { bases: basesIn(recipe, bases), takesAway: takesAway(recipe) };
  const judgement = await judge(readAsVerifyDoes, target, known, surroundings);
  onDry = null;
  note(number, judgement);
  const { failures } = judgement;
  if (failures.length > 0) tell({ kind: 'failed', number, recipe, failures });
  if (performance.now() - toldMs > PROGRESS_MS) tellProgress();
}

function markBegin(number: number): void {
  fs.writeSync(mark, `${number} ${Date.now()}`.padEnd(40), 0);
}

function note(number: number, { verdict, tookMs }: Judgement): void {
  told.inputs++;
  told.verdicts[verdict ?? 'none'] = (told.verdicts[verdict ?? 'none'] ?? 0) + 1;
  told.peakBytes = surroundings.peakBytes();
  if (tookMs <= told.slowestMs) return;
  told.slowestMs = tookMs;
  told.slowest = number;
}

function tellProgress(): void {
  tell({ kind: 'progress', ...told });
  told = { inputs: 0, verdicts: {}, slowestMs: 0, slowest: 0, peakBytes: 0 };
  toldMs = performance.now();
}

function tell(message: Message): void {
  process.send?.(message);
}
