import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Node } from '../../server/index.ts';

const cli = path.resolve(import.meta.dirname, '../../cli.js');

/** `serve` in a process of its own. */
export interface ServedProcess {
  readonly pid: number;
  readonly urls: readonly string[];
  /** Null once it has ended. */
  look(): { readonly residentBytes: number; readonly processorMs: number } | null;
  /** Ends it as Ctrl-C does; the exit code, null where a signal has killed it. */
  end(): Promise<number | null>;
}

/** Starts the built command line at `file` with free ports, and waits until all nodes answer. */
export async function startServing(args: readonly string[], file: string = cli): Promise<ServedProcess> {
  // A group of its own: Ctrl-C is for the soak, which then ends the process.
  const child = spawn(process.execPath, [file, 'serve', '--port', '0', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    ended.then((code) => Promise.reject(new Error(`serve ended with ${code} before it answered`))),
  ]);
  const { nodes } = JSON.parse(line) as { readonly nodes: readonly Node[] };
  const pid = child.pid ?? -1;
  return {
    pid,
    urls: nodes.map(({ url }) => url),
    look: () => (child.exitCode === null && child.signalCode === null ? lookAt(pid) : null),
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** What `ps` says of it: kibibytes, and `[[days-]hours:]minutes:seconds` of processor time. */
function lookAt(pid: number): { readonly residentBytes: number; readonly processorMs: number } | null {
  try {
    const text = execFileSync('ps', ['-o', 'rss=,time=', '-p', String(pid)], { encoding: 'utf8' });
    const [kibibytes = '', time = ''] = text.trim().split(/\s+/);
    const [seconds = 0, minutes = 0, hours = 0, days = 0] = time.split(/[-:]/).toReversed().map(Number);
    const processorMs = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
    return { residentBytes: Number(kibibytes) * 1024, processorMs };
  } catch {
    return null;
  }
}
