import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `serve` as a process of its own. */
export interface Served {
  /** Of its first node. */
  readonly url: string;
  /** Memory that it has in use, in MiB, as the system counts it. */
  residentMiB(): Promise<number>;
  close(): Promise<void>;
}

/** Starts `serve` with these options, on any free ports. */
export async function startServed(args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, ['dist/cli.js', 'serve', '--port', '0', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    closed.then(() => Promise.reject(new Error(`serve ${args.join(' ')} has ended`))),
  ])) as [string];
  const { nodes } = JSON.parse(line) as { readonly nodes: ReadonlyArray<{ readonly url: string }> };
  return {
    url: nodes[0]?.url ?? '',
    residentMiB: async () => Number((await run('ps', ['-o', 'rss=', '-p', String(child.pid)])).stdout) / 1024,
    close: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** Lets so many virtual milliseconds pass. */
export async function advance({ url }: Served, by: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/_sim/clock/advance`, { method: 'POST', headers, body: JSON.stringify({ by }) });
  if (!answer.ok) throw new Error(`the clock does not move: ${await answer.text()}`);
}
