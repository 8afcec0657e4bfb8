import { Command } from 'commander';
import { vi } from 'vitest';

/** Runs one command of a program, and gives back what it wrote to stdout. */
export function runCommand(addCommand: (program: Command) => void, args: readonly string[]): string {
  const program = new Command('axon-backup-kit').exitOverride().configureOutput({ writeErr: () => undefined });
  addCommand(program);
  let written = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  try {
    program.parse([...args], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return written;
}
