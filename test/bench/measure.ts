import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { spreadOf } from './figure.ts';

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** Real milliseconds from the request to the last byte of its answer; the body is read and thrown away. */
export function timeRequest(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const request = http.get(url, { agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
      response.on('data', () => undefined);
      response.on('end', () => resolve(performance.now() - startMs));
    });
    request.on('error', reject);
  });
}

/** Real milliseconds that `work` takes. */
export async function timeOf(work: () => Promise<unknown> | void): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

type Measure = () => Promise<number>;

export interface Turns {
  readonly runs: number;
  /** Runs before the first that counts: they warm up connections, code and the cache of the disk. */
  readonly warmUp?: number;
  /** How often each is measured in a run, in turn; the run's value is the median of these. One unless given. */
  readonly timesPerRun?: number;
}

/**
 * The values of each of `measures`, one a run. They are measured in turn, and every other time in the opposite order, so
 * that a drift of the machine strikes all alike, and none has the good of always coming second.
 */
export async function inTurn<const Measures extends readonly Measure[]>(
  measures: Measures,
  { runs, warmUp = 1, timesPerRun = 1 }: Turns,
): Promise<{ readonly [Place in keyof Measures]: readonly number[] }> {
  const values = measures.map((): number[] => []);
  const places = measures.map((_, place) => place);
  for (let run = -warmUp; run < runs; run++) {
    const taken = measures.map((): number[] => []);
    for (let time = 0; time < timesPerRun; time++) {
      for (const place of (run + time) % 2 === 0 ? places : places.toReversed()) {
        const value = await measures[place]?.();
        if (value !== undefined) taken[place]?.push(value);
      }
    }
    if (run < 0) continue;
    taken.forEach((each, place) => values[place]?.push(spreadOf(each).median));
  }
  return values as { readonly [Place in keyof Measures]: readonly number[] };
}
