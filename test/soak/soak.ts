import { setMaxListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import { askUntil, type Answered } from './clients.ts';
import { judgeMemory, type MemoryVerdict, type Sample } from './memory-verdict.ts';
import type { ServedProcess } from './served-process.ts';
import { stallReaders } from './stalled-readers.ts';

export interface SoakOptions {
  readonly serve: ServedProcess;
  readonly clients: number;
  readonly readers: number;
  /** Requests a second of all clients together after the first minute; before that, and with 0, as fast as answers come. */
  readonly rate: number;
  /** Real milliseconds; it ends earlier where all requests are made, or where the signal says so. */
  readonly lastsMs: number;
  readonly mostRequests: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** One line of the table, without its end. */
  readonly print: (line: string) => void;
}

export interface SoakResult {
  readonly samples: readonly Sample[];
  readonly answered: Answered;
  readonly memory: MemoryVerdict;
  /** Readers that the server let go, since they never read. */
  readonly letGo: number;
  /** True where the served process had ended by itself. */
  readonly hasDied: boolean;
}

const SAMPLE_MS = 1000;
const LINE_MS = 30_000;

/** The first minute is for what is bounded: the journal and what waits for readers fill up. */
const WARM_UP_MS = 60_000;

/** Clients that ask for anything, and readers that never read, at a served cluster; its memory is looked at all the while. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { serve, clients, readers, rate, lastsMs, mostRequests, seed, signal, print } = options;
  const answered: Answered = new Map();
  const samples: Sample[] = [];
  const over = new AbortController();
  // Each client listens to it.
  setMaxListeners(0, over.signal);
  const stop = (): void => over.abort();
  signal.addEventListener('abort', stop);
  const startMs = performance.now();
  let requests = 0;
  let hasDied = false;
  const sample = (): void => {
    const seen = serve.look();
    if (seen === null) {
      hasDied = true;
      stop();
    } else samples.push({ atMs: performance.now() - startMs, requests, ...seen });
  };
  print(formatHead());
  const stalled = stallReaders(serve.urls, readers);
  let printedMs = 0;
  const tick = setInterval(() => {
    sample();
    const atMs = samples.at(-1)?.atMs ?? 0;
    if (Math.floor(atMs / LINE_MS) <= Math.floor(printedMs / LINE_MS)) return;
    print(formatLine(samples, printedMs, stalled));
    printedMs = atMs;
  }, SAMPLE_MS);
  const end = setTimeout(stop, lastsMs);
  sample();
  try {
    if (signal.aborted) stop();
    const onAnswer = ({ kind }: { readonly kind: string }, status: number): void => {
      requests++;
      const ofKind = answered.get(kind) ?? new Map<number, number>();
      answered.set(kind, ofKind.set(status, (ofKind.get(status) ?? 0) + 1));
    };
    await askUntil({
      urls: serve.urls,
      clients,
      rate,
      warmUpMs: WARM_UP_MS,
      seed,
      mostRequests,
      signal: over.signal,
      onAnswer,
    });
    sample();
    if ((samples.at(-1)?.atMs ?? 0) > printedMs) print(formatLine(samples, printedMs, stalled));
  } finally {
    clearInterval(tick);
    clearTimeout(end);
    stalled.end();
    signal.removeEventListener('abort', stop);
  }
  return { samples, answered, memory: judgeMemory(samples), letGo: stalled.letGo, hasDied };
}

function formatHead(): string {
  return '   time   resident    highest   requests   a second   processor   readers   let go';
}

/** What has happened since the line before, which spoke of `sinceMs`. */
function formatLine(
  samples: readonly Sample[],
  sinceMs: number,
  { connected, letGo }: { readonly connected: number; readonly letGo: number },
): string {
  const last = samples.at(-1);
  const since = samples.filter(({ atMs }) => atMs >= sinceMs);
  const [first] = since;
  if (last === undefined || first === undefined) return '';
  const seconds = (last.atMs - first.atMs) / 1000;
  const highest = Math.max(...since.map(({ residentBytes }) => residentBytes));
  const cells: readonly (readonly [string, number])[] = [
    [formatTime(last.atMs), 7],
    [formatMebibytes(last.residentBytes), 11],
    [formatMebibytes(highest), 11],
    [String(last.requests), 11],
    [((last.requests - first.requests) / seconds).toFixed(0), 11],
    [`${((last.processorMs - first.processorMs) / seconds / 10).toFixed(0)}%`, 12],
    [String(connected), 10],
    [String(letGo), 9],
  ];
  return cells.map(([text, width]) => text.padStart(width)).join('');
}

function formatTime(atMs: number): string {
  const seconds = Math.round(atMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function formatMebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
