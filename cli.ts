#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { addCheckCommand } from './conformance/commands/check.ts';
import { complain } from './conformance/commands/complaints.ts';
import { addDemoCommand } from './conformance/commands/demo.ts';
import { EXIT_KIT_FAILED } from './conformance/commands/exit-code.ts';
import { addExplainCommand } from './conformance/commands/explain.ts';
import { addExploreCommand } from './conformance/commands/explore.ts';
import { addListCommand } from './conformance/commands/list.ts';
import { addSelftestCommand } from './conformance/commands/selftest.ts';
import { addVerifyCommand } from './conformance/commands/verify.ts';
import { rules } from './conformance/rules/catalog.ts';
import { scenarios } from './conformance/scenarios/catalog.ts';
import { fixtureClients } from './fixtures/clients/catalog.ts';
import { argvOf } from './fixtures/clients/start-command.ts';
import { AxonError } from './server/errors.ts';
import { addServeCommand } from './server/serve.ts';

/** Contract, section 2. */
const EXIT_USAGE = 64;

const { version } = createRequire(import.meta.url)('axon-backup-kit/package.json') as { version: string };

const program = new Command('axon-backup-kit')
  .description('A fake Axon Server cluster, and a judge for the tools that back one up.')
  .version(version)
  .addHelpText(
    'after',
    '\nExamples:\n  $ axon-backup-kit serve --nodes 3 --contexts default,orders\n  $ axon-backup-kit check -- ./my-backup.sh\n',
  )
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(asOneLine(text)) });

const catalogue = { rules, scenarios, mutants: fixtureClients.filter(({ kind }) => kind === 'mutant') };

const clients = fixtureClients.map((client) => ({ ...client, argv: argvOf(client) }));

addServeCommand(program);
addCheckCommand(program, exitWith);
addExploreCommand(program, exitWith);
addVerifyCommand(program, exitWith);
addListCommand(program, catalogue);
addExplainCommand(program, catalogue);
addDemoCommand(program, clients);
addSelftestCommand(program, clients, exitWith);

process.stdout.on('error', (error) => {
  if (isUnread(error)) return;
  exitWith(EXIT_KIT_FAILED);
  complain(`the output cannot be written: ${error.message}`);
});
process.stderr.on('error', (error) => {
  if (!isUnread(error)) exitWith(EXIT_KIT_FAILED);
});

try {
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  exitWith(exitCodeOf(error));
}

/** What the process ends with. Once the kit has failed, nothing that a command found out counts any more. */
function exitWith(code: number): void {
  if (process.exitCode !== EXIT_KIT_FAILED) process.exitCode = code;
}

/** Who pipes into `head` stops reading and is told no more; the work itself goes on, and its exit code stands. */
function isUnread({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE';
}

/** A usage error as it is told: what is wrong, perhaps what was meant, and where to look. */
function asOneLine(text: string): string {
  const reason = text
    .replace(/^error: /, '')
    .trim()
    .replaceAll('\n', ' ');
  return `axon-backup-kit: ${reason} (--help tells what there is)\n`;
}

/** One clear line for whatever went wrong; a stack trace for our own mistakes alone. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof AxonError) {
    complain(error.message);
    return error.kind === 'bad-option' ? EXIT_USAGE : EXIT_KIT_FAILED;
  }
  process.stderr.write(`axon-backup-kit: internal failure\n${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT_KIT_FAILED;
}
