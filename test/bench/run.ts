/**
 * `npm run bench`: what the project promises about cost, each thing measured in turn with what it stands beside. It is no
 * test: the clock of a shared machine proves nothing by itself, and the exit code is 0 whether promises were kept or not.
 *
 * It works in memory where the machine offers that; with `TMPDIR` set it works there, and ext4 looks at every inode that was
 * freed in the last five minutes before it takes one (`recently_deleted`), which takes minutes where files are many.
 */
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { kitVersion } from '../../conformance/check/report/kit-version.ts';
import { memoryFolder } from '../../conformance/check/folders/memory-folder.ts';
import type { Bench, BenchReport } from './bench.ts';
import { benches } from './catalog.ts';
import { describeMachine, loadNow } from './machine.ts';
import { formatFigure } from './performance-page.ts';

/** In parts of `ROOM_FOR_EACH_BYTES` of a check: 2 GiB, for the hundred thousand segments. */
const ROOM = 16;

const names = benches.map(({ name }) => name);
const runsOf = benches.map(({ name, runs }) => `${name} ${runs}`).join(', ');

const program = new Command('npm run bench --')
  .description(
    `Measures what the kit costs beside what the same costs anybody: medians of several runs, taken in turn.`,
  )
  .addOption(new Option('--only <name...>', 'only these').choices(names))
  .option('--runs <n>', `how often each is measured, with its baseline in turn (${runsOf})`, parseRuns)
  .option('--json <file>', 'writes all figures there; docs/performance.md is made from docs/performance.json')
  .addHelpText(
    'after',
    '\nEverything takes some ten minutes on two quiet processors. A busy machine tells nothing but ratios.',
  )
  .parse();
const options = program.opts<{ only?: string[]; runs?: number; json?: string }>();

const chosen = benches.filter(({ name }) => options.only?.includes(name) ?? true);
const loadBefore = loadNow();
const measured: Array<BenchReport['benches'][number]> = [];
for (const bench of chosen) measured.push(await measure(bench));
const report: BenchReport = { version: kitVersion, machine: describeMachine(loadBefore), benches: measured };
if (options.json !== undefined) fs.writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);

async function measure({ name, title, about, runs, load }: Bench): Promise<BenchReport['benches'][number]> {
  process.stdout.write(`\n${title}\n`);
  const folder = fs.mkdtempSync(path.join(memoryFolder(process.env, ROOM) ?? os.tmpdir(), 'axon-backup-kit-bench-'));
  try {
    const say = (line: string): void => void process.stderr.write(`  ${line} …\n`);
    const figures = await (await load())({ runs: options.runs ?? runs, folder, say });
    for (const figure of figures) process.stdout.write(`  ${formatFigure(figure)}\n`);
    return { name, title, about, figures };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function parseRuns(text: string): number {
  const runs = Number(text);
  if (!Number.isSafeInteger(runs) || runs < 1) throw new InvalidArgumentError('A whole number from 1 on is expected.');
  return runs;
}
