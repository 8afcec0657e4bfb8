import * as fs from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseDuration } from '../../server/quantities.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { formatKillMatrix } from '../reporters/kill-matrix.ts';
import { rules } from '../rules/catalog.ts';
import { runSelftest, type ProvedClient } from '../check/selftest.ts';

interface SelftestFlags {
  readonly only?: string;
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
export function addSelftestCommand(program: Command, clients: readonly ProvedClient[]): void {
  program
    .command('selftest')
    .description('reference clients pass, every mutant dies by its named rule')
    .option('--only <client>', 'one client alone, by its id')
    .option('--json <file>', 'write the kill matrix as JSON')
    .option('--seed <n>', 'of every cluster', (text) => Number(text), 1)
    .option('--jobs <n>', 'scenarios side by side (default: the number of processors)', (text) => Number(text))
    .addOption(
      new Option('--timeout <d>', 'of one run; a client that hangs costs it')
        .default(10_000, '10s')
        .argParser(parseTime),
    )
    .addHelpText('after', examples)
    .action(async (flags: SelftestFlags) => {
      const style = createReporterStyle(process.stdout, process.env);
      const chosen = flags.only === undefined ? clients : clients.filter(({ id }) => id === flags.only);
      if (chosen.length === 0) throw new InvalidArgumentError(`There is no client "${flags.only}".`);
      const matrix = await runSelftest(
        {
          clients: chosen,
          environment: process.env,
          seed: flags.seed,
          timeoutMs: flags.timeout,
          onClient: ({ id, isProved, message }) =>
            process.stdout.write(`${isProved ? '✓' : '✗'} ${id.padEnd(34)} ${message}\n`),
          ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
        },
        flags.only === undefined ? rules.map(({ id }) => id) : [],
      );
      if (flags.json !== undefined) fs.writeFileSync(flags.json, `${JSON.stringify(matrix, null, 2)}\n`);
      process.stdout.write(formatKillMatrix(matrix, style));
      process.exitCode = matrix.isProved ? 0 : EXIT_NOT_PROVED;
    });
}

function parseTime(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
