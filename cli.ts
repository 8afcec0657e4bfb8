#!/usr/bin/env node
import { complain } from './conformance/commands/complaints.ts';
import { EXIT_KIT_FAILED } from './conformance/commands/exit-code.ts';
import { runProgram } from './program.ts';

process.stdout.on('error', (error) => {
  if (isUnread(error)) return;
  exitWith(EXIT_KIT_FAILED);
  complain(`the output cannot be written: ${error.message}`);
});
process.stderr.on('error', (error) => {
  if (!isUnread(error)) exitWith(EXIT_KIT_FAILED);
});

// Of a library that breaks where nobody waits for it, as for want of memory: Node would end with 1, which means another thing.
process.on('uncaughtException', (error) => {
  process.stderr.write(`axon-backup-kit: internal failure\n${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(EXIT_KIT_FAILED);
});

if (isFolderThere()) await runProgram(process.argv.slice(2), exitWith);
else {
  complain('the folder that this was started in is gone: change to one that is there');
  exitWith(EXIT_KIT_FAILED);
}

/** Of a shell whose folder somebody has removed, not even Node knows where it is. */
function isFolderThere(): boolean {
  try {
    process.cwd();
    return true;
  } catch {
    return false;
  }
}

/** What the process ends with. Once the kit has failed, nothing that a command found out counts any more. */
function exitWith(code: number): void {
  if (process.exitCode !== EXIT_KIT_FAILED) process.exitCode = code;
}

/** Who pipes into `head` stops reading and is told no more; the work itself goes on, and its exit code stands. */
function isUnread({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE';
}
