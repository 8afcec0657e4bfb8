import { spawn, type ChildProcessByStdio } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface RunningCli {
  readonly pid: number;
  /** The first line on stdout; fails where the command ends without one. */
  readonly firstLine: Promise<string>;
  readonly ended: Promise<Ended>;
  /** Resolves with all that is on stdout once `isIt` takes that. */
  sees(isIt: (stdout: string) => boolean): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the built command line (`npm run build`) in a process of its own; it ends with the test at the latest. */
export function startCli(args: readonly string[], environment: Readonly<Record<string, string>> = {}): RunningCli {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  const looks = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const look of looks) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    pid: child.pid ?? -1,
    firstLine: firstLineOf(child, ended),
    ended,
    sees: (isIt) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isIt(stdout)) return;
          looks.delete(look);
          resolve(stdout);
        };
        looks.add(look);
        look();
      }),
    kill: (signal) => child.kill(signal),
  };
}

/** Runs the command line to its end. */
export function runCli(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return startCli(args, environment).ended;
}

function firstLineOf(child: ChildProcessByStdio<null, Readable, Readable>, ended: Promise<Ended>): Promise<string> {
  const line = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(({ code, stderr }) => reject(new Error(`exit ${code} without a line: ${stderr}`)));
  });
  // Whoever wants the line awaits it; the others must not be troubled by its absence.
  line.catch(() => undefined);
  return line;
}
