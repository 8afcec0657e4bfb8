import * as fs from 'node:fs';
import path from 'node:path';
import { serialize } from 'node:v8';
import { makeBases, type Bases } from './bases.ts';
import { minimise, signatureOf, type Find } from './find.ts';
import type { Failure } from './judge.ts';
import type { Job, Message } from './job.ts';
import { cook, drawInput, type Recipe } from './recipe.ts';
import { watchWorker, type Ending } from './watched-worker.ts';
import { removeTree, writeTree } from './write-tree.ts';

export interface CampaignOptions {
  readonly seed: number;
  /** Number of the first input. */
  readonly from: number;
  readonly inputs: number;
  readonly jobs: number;
  /** A new folder for all that is temporary. */
  readonly workFolder: string;
  /** Failing inputs are written there. */
  readonly findsFolder: string;
  /** Module that plays inputs. */
  readonly worker: string;
  /** Ends it before its inputs are played: the time is over, or somebody has had enough. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly onProgress: (tally: Tally) => void;
}

/** What has come so far. */
export interface Tally {
  inputs: number;
  readonly verdicts: Record<string, number>;
  slowestMs: number;
  slowest: number;
  peakBytes: number;
  finds: readonly Find[];
}

/** Inputs of one process. */
const CHUNK = 1000;
const LOOK_EVERY_MS = 500;
/** Real time, however busy the machine is: by then it is not slow any more. */
const HUNG_AFTER_MS = 60_000;

/** Many inputs, in processes that are watched; each kind of failure is made small, and written down once. */
export class Campaign {
  readonly #options: CampaignOptions;
  readonly #finds = new Map<string, Find>();
  readonly #basesFile: string;
  readonly #tally: Tally = { inputs: 0, verdicts: {}, slowestMs: 0, slowest: 0, peakBytes: 0, finds: [] };
  #bases: Bases = new Map();
  #next: number;
  #folders = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.#next = options.from;
    this.#basesFile = path.join(options.workFolder, 'bases');
  }

  async run(): Promise<Tally> {
    await this.#prepare(this.#options.seed);
    await Promise.all(Array.from({ length: this.#options.jobs }, () => this.#work()));
    return this.#tally;
  }

  /** Plays one recipe alone, or reads one file or folder; says what went wrong. */
  async replay(job: Exclude<Job, { kind: 'numbers' }>): Promise<readonly Failure[]> {
    await this.#prepare(job.kind === 'recipe' ? job.recipe.seed : this.#options.seed);
    return this.#playAlone(job);
  }

  async #prepare(seed: number): Promise<void> {
    this.#bases = await makeBases(seed);
    fs.writeFileSync(this.#basesFile, serialize(this.#bases));
  }

  async #work(): Promise<void> {
    const { from, inputs, seed, signal } = this.#options;
    const end = from + inputs;
    while (this.#next < end && !signal.aborted) {
      const to = Math.min(end, this.#next + CHUNK);
      let first = this.#next;
      this.#next = to;
      // A worker that is lost goes on behind the input that it was lost at.
      while (first < to && !signal.aborted) {
        const failed: Array<Extract<Message, { kind: 'failed' }>> = [];
        const ending = await this.#watch({ kind: 'numbers', seed, from: first, to }, (message) => {
          if (message.kind === 'failed') failed.push(message);
          else if (message.kind === 'progress') this.#add(message);
        });
        for (const { number, recipe, failures } of failed) await this.#note(number, recipe, failures);
        first = ending.state === 'ended' ? ending.next : await this.#noteLost(ending);
      }
    }
  }

  async #noteLost({ number, failure }: Extract<Ending, { state: 'lost' }>): Promise<number> {
    this.#tally.inputs++;
    const { recipe } = await drawInput(this.#options.seed, number, this.#bases);
    await this.#note(number, recipe, [failure]);
    return number + 1;
  }

  async #note(number: number, recipe: Recipe | null, failures: readonly Failure[]): Promise<void> {
    for (const failure of failures) {
      const signature = signatureOf(failure);
      const before = this.#finds.get(signature);
      if (before !== undefined) {
        this.#finds.set(signature, { ...before, count: before.count + 1 });
        continue;
      }
      this.#finds.set(signature, { failure, recipe, number, count: 1, isRepeatable: false, file: null });
      const find = await this.#keep(failure, recipe, number);
      this.#finds.set(signature, { ...find, count: this.#finds.get(signature)?.count ?? 1 });
    }
    this.#tally.finds = [...this.#finds.values()];
    this.#options.onProgress(this.#tally);
  }

  async #keep(failure: Failure, recipe: Recipe | null, number: number): Promise<Find> {
    const find = { failure, recipe, number, count: 1, isRepeatable: false, file: null };
    if (recipe === null) return find;
    const fails = async (smaller: Recipe): Promise<boolean> =>
      (await this.#playAlone({ kind: 'recipe', recipe: smaller })).some((other) => isLike(other, failure));
    const isRepeatable = await fails(recipe);
    const smallest = isRepeatable ? await minimise(recipe, fails) : recipe;
    const file = path.join(this.#options.findsFolder, `${failure.kind}-${recipe.seed}-${number}.json`);
    fs.mkdirSync(this.#options.findsFolder, { recursive: true });
    fs.writeFileSync(file, `${JSON.stringify({ ...smallest, story: failure.message }, null, 2)}\n`);
    const input = file.replace(/json$/, 'input');
    if (fs.existsSync(input)) removeTree(input);
    writeTree(input, await cook(smallest, this.#bases));
    return { ...find, recipe: smallest, isRepeatable, file };
  }

  async #playAlone(job: Job): Promise<readonly Failure[]> {
    const failures: Failure[] = [];
    const ending = await this.#watch(job, (message) => {
      if (message.kind === 'failed') failures.push(...message.failures);
    });
    return ending.state === 'lost' ? [...failures, ending.failure] : failures;
  }

  async #watch(job: Job, onMessage: (message: Message) => void): Promise<Ending> {
    const { workFolder, worker, nowMs, signal } = this.#options;
    const folder = path.join(workFolder, `worker-${++this.#folders}`);
    const watch = { job, folder, worker, nowMs, onMessage, hungAfterMs: HUNG_AFTER_MS, lookEveryMs: LOOK_EVERY_MS };
    try {
      return await watchWorker({ ...watch, basesFile: this.#basesFile, ...(job.kind === 'numbers' ? { signal } : {}) });
    } finally {
      if (fs.existsSync(folder)) removeTree(folder);
    }
  }

  #add({ inputs, verdicts, slowestMs, slowest, peakBytes }: Extract<Message, { kind: 'progress' }>): void {
    const tally = this.#tally;
    tally.inputs += inputs;
    for (const [verdict, count] of Object.entries(verdicts)) {
      tally.verdicts[verdict] = (tally.verdicts[verdict] ?? 0) + count;
    }
    tally.peakBytes = Math.max(tally.peakBytes, peakBytes);
    if (slowestMs > tally.slowestMs) {
      tally.slowestMs = slowestMs;
      tally.slowest = slowest;
    }
    this.#options.onProgress(tally);
  }
}

/** What waits too long is slow on a good day, and hung on a bad one. */
function isLike(one: Failure, other: Failure): boolean {
  const waits = new Set<Failure['kind']>(['slow', 'hung', 'unsettled']);
  if (waits.has(one.kind) && waits.has(other.kind)) return true;
  // Out of memory, a process says something else each time.
  const isFatal = one.kind === 'died' || one.kind === 'heavy';
  return isFatal ? one.kind === other.kind : signatureOf(one) === signatureOf(other);
}
