import { Command, CommanderError } from 'commander';
import { vi } from 'vitest';
import type { ExitWith } from '../../conformance/commands/exit-code.ts';
import { AxonError } from '../../server/index.ts';

/** How a command ended, and what it said. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end in this process, which costs less than a process of its own by a second. What goes wrong is told on
 * `stderr`, and ends with the code that `cli.ts` has for it. One at a time: it listens to this process's own streams.
 */
export async function runInProcess(
  addCommand: (program: Command, exitWith: ExitWith) => void,
  args: readonly string[],
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    }),
  );
  let code = 0;
  const program = new Command('axon-backup-kit').exitOverride();
  addCommand(program, (given) => (code = given));
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof AxonError && error.kind === 'bad-option') said.stderr += `${error.message}\n`;
    else if (!(error instanceof CommanderError)) throw error;
    code = 64;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { code, ...said };
}
