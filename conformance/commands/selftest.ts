import * as fs from 'node:fs';
import os from 'node:os';
import { Option, type Command } from 'commander';
import picomatch from 'picomatch';
import { AxonError } from '../../server/index.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { formatKillMatrix } from '../reporters/kill-matrix.ts';
import { rules } from '../rules/catalog.ts';
import { complain, describeLeftBehind } from './complaints.ts';
import type { ExitWith } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import { collectGlobs, parseCount, parseText, parseTimeout, parseWhole } from './option-values.ts';
import { requireWritable } from './output-files.ts';
import { runSelftest, type ProvedClient } from '../check/selftest.ts';

interface SelftestFlags {
  readonly only: readonly string[];
  readonly full: boolean;
  readonly json?: string;
  readonly seed: number;
  readonly jobs?: number;
  readonly timeout: number;
}

const EXIT_NOT_PROVED = 1;

const examples = `
Example:
  $ axon-backup-kit selftest --json kill-matrix.json

Exit codes: 0 every correct client passes everything, each mutant dies by its named rule, no rule is without a mutant;
1 otherwise.`;

/** `selftest`: the judge is held against clients whose defects are known. */
export function addSelftestCommand(program: Command, clients: readonly ProvedClient[], exitWith: ExitWith): void {
  program
    .command('selftest')
    .description('reference clients pass, every mutant dies by its named rule')
    .option('--only <glob>', 'clients to hold the kit against, by id: cursor-*; repeatable', collectGlobs, [])
    .option('--full', 'play each mutant in every scenario, not just until its rule has killed it', false)
    .option('--json <file>', 'write the kill matrix as JSON', parseText)
    .option('--seed <n>', 'of every cluster', parseWhole, 1)
    .option('--jobs <n>', 'clients side by side (default: the number of processors)', parseCount)
    .addOption(
      new Option('--timeout <d>', 'of one run; a client that hangs costs it')
        .default(10_000, '10s')
        .argParser(parseTimeout),
    )
    .addHelpText('after', examples)
    .action((flags: SelftestFlags) => untilInterrupted((signal) => selftest(flags, clients, signal), exitWith));
}

async function selftest(flags: SelftestFlags, clients: readonly ProvedClient[], signal: AbortSignal): Promise<number> {
  const style = createReporterStyle(process.stdout, process.env);
  const isChosen = flags.only.length === 0 ? () => true : picomatch([...flags.only]);
  const chosen = clients.filter(({ id }) => isChosen(id));
  if (chosen.length === 0) {
    throw new AxonError('bad-option', `no client is called ${flags.only.join(' or ')}: fixtures/README.md lists them`);
  }
  if (flags.json !== undefined) requireWritable([{ option: '--json', file: flags.json }]);
  const matrix = await runSelftest(
    {
      clients: chosen,
      environment: process.env,
      seed: flags.seed,
      timeoutMs: flags.timeout,
      jobs: flags.jobs ?? os.availableParallelism(),
      isFull: flags.full,
      signal,
      onLeftBehind: (reasons) => complain(describeLeftBehind(reasons)),
      onClient: ({ id, isProved, message }) =>
        process.stdout.write(`${isProved ? '✓' : '✗'} ${id.padEnd(34)} ${message}\n`),
    },
    flags.only.length === 0 ? rules.map(({ id }) => id) : [],
  );
  if (flags.json !== undefined) fs.writeFileSync(flags.json, `${JSON.stringify(matrix, null, 2)}\n`);
  process.stdout.write(formatKillMatrix(matrix, style));
  return matrix.isProved ? 0 : EXIT_NOT_PROVED;
}
