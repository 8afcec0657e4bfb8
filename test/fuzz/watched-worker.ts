import { fork } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import type { Failure } from './judge.ts';
import { MARK_FILE, type Job, type Message } from './job.ts';

export interface WatchOptions {
  readonly job: Job;
  readonly basesFile: string;
  /** A new folder for the worker; its owner removes it. */
  readonly folder: string;
  /** Module that runs in the process. */
  readonly worker: string;
  /** After so long with one input the process is ended. */
  readonly hungAfterMs: number;
  /** How often is looked. */
  readonly lookEveryMs: number;
  readonly nowMs: () => number;
  readonly onMessage: (message: Message) => void;
  readonly signal?: AbortSignal;
}

/** How a worker came to its end: by itself; or which input it was at. */
export type Ending =
  | { readonly state: 'ended'; readonly next: number }
  | { readonly state: 'lost'; readonly number: number; readonly failure: Failure };

/**
 * Runs a worker process, ends it where an input keeps it busy, and says at which input it has gone. Fails where the process
 * cannot be started, goes before its first input, or cannot make one.
 */
export function watchWorker(options: WatchOptions): Promise<Ending> {
  const { job, basesFile, folder, worker, hungAfterMs, lookEveryMs, nowMs, onMessage, signal } = options;
  fs.mkdirSync(folder, { recursive: true });
  const order = JSON.stringify({ job, folder, basesFile });
  // What the reader puts into temporary folders stays in this one.
  const child = fork(worker, [order], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let next: number | null = null;
  let unmade: string | null = null;
  let isHung = false;
  let complaint = '';
  child.on('message', (message: Message) => {
    if (message.kind === 'ended') next = message.next;
    else if (message.kind === 'unmade') unmade = message.message;
    else onMessage(message);
  });
  child.stderr?.on('data', (text: Buffer) => (complaint = `${complaint}${text.toString('utf8')}`.slice(-4000)));
  const stop = (): void => void (child.connected && child.send('stop'));
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  const look = setInterval(() => {
    const at = markIn(folder);
    if (at === null || nowMs() - at.sinceMs < hungAfterMs) return;
    isHung = true;
    child.kill('SIGKILL');
  }, lookEveryMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      clearInterval(look);
      signal?.removeEventListener('abort', stop);
      if (unmade !== null) {
        reject(new Error(`an input could not be made: ${unmade}`));
        return;
      }
      if (next !== null) {
        resolve({ state: 'ended', next });
        return;
      }
      const at = markIn(folder);
      if (at === null) {
        reject(new Error(`a worker ended with ${killedBy ?? code} before its first input: ${complaint}`));
        return;
      }
      const failure: Failure = isHung
        ? { kind: 'hung', message: `it was still busy after ${hungAfterMs} ms` }
        : { kind: 'died', message: `the process ended with ${killedBy ?? code}: ${complaint}` };
      resolve({ state: 'lost', number: at.number, failure });
    });
  });
}

function markIn(folder: string): { readonly number: number; readonly sinceMs: number } | null {
  const file = path.join(folder, MARK_FILE);
  const [number, sinceMs] = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split(' ') : [];
  return number === undefined || sinceMs === undefined ? null : { number: Number(number), sinceMs: Number(sinceMs) };
}
