import { createRequire } from 'node:module';
import os from 'node:os';
import { Command, CommanderError } from 'commander';
import { commandIn, commands } from './commands.ts';
import { complain } from './conformance/commands/complaints.ts';
import { EXIT_KIT_FAILED, type ExitWith } from './conformance/commands/exit-code.ts';
import { AxonError, describeSystemFailure, knownSystemFailures } from './server/errors.ts';

/** Contract, section 2. */
const EXIT_USAGE = 64;

/**
 * Does what the words behind the program's name ask for; what it says goes to the process's stdout and stderr. Resolves
 * when that is over. `exitWith` is told each exit code that something ends with: the last one counts, unless the kit failed.
 */
export async function runProgram(words: readonly string[], exitWith: ExitWith): Promise<void> {
  const program = newProgram();
  try {
    const called = commandIn(words);
    if (called !== null) await called.addTo(program, exitWith);
    else for (const { synopsis, description } of commands) program.command(synopsis).description(description);
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    exitWith(exitCodeOf(error));
  }
}

function newProgram(): Command {
  const { version } = createRequire(import.meta.url)('axon-backup-kit/package.json') as { version: string };
  return new Command('axon-backup-kit')
    .description('A fake Axon Server cluster, and a judge for the tools that back one up.')
    .version(version)
    .addHelpText(
      'after',
      '\nExamples:\n  $ axon-backup-kit serve --nodes 3 --contexts default,orders\n  $ axon-backup-kit check -- ./my-backup.sh\n',
    )
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(asOneLine(text)) });
}

/** A usage error as it is told: what is wrong, perhaps what was meant, and where to look. */
function asOneLine(text: string): string {
  const reason = text
    .replace(/^error: /, '')
    .trim()
    .replaceAll('\n', ' ');
  // One bracket, not two: what was meant, and where to look.
  const meant = /^(?<what>.*) \((?<question>Did you mean .*\?)\)$/.exec(reason)?.groups;
  const told = meant === undefined ? `${reason} (` : `${meant['what']} (${meant['question']} `;
  return `axon-backup-kit: ${told}--help tells what there is)\n`;
}

/** One clear line for whatever went wrong; a stack trace for our own mistakes alone. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof AxonError) {
    complain(error.message);
    return error.kind === 'bad-option' ? EXIT_USAGE : EXIT_KIT_FAILED;
  }
  if (isSystemFailure(error)) {
    // A write has no path to tell; what fills up by itself is the place of temporary files.
    const where = error.path === undefined ? ` (temporary files lie in ${os.tmpdir()})` : '';
    complain(`${error.path === undefined ? '' : `${error.path}: `}${describeSystemFailure(error)}${where}`);
    return EXIT_KIT_FAILED;
  }
  process.stderr.write(`axon-backup-kit: internal failure\n${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT_KIT_FAILED;
}

/** What the machine refuses, wherever it is met, is no mistake of ours: no room, no permission, too many open files. */
function isSystemFailure(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && knownSystemFailures.has((error as NodeJS.ErrnoException).code);
}
