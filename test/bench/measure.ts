import http from 'node:http';
import { performance } from 'node:perf_hooks';

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

/** Medians of `rounds` timings of each, taken in turn, so that a drift of the machine strikes both alike. */
export async function timeInTurn(
  first: () => Promise<number>,
  second: () => Promise<number>,
  rounds: number,
): Promise<readonly [number, number]> {
  const timings: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds + 3; round++) {
    const taken = [await first(), await second()] as const;
    // The first rounds warm up connections and code.
    if (round < 3) continue;
    timings[0].push(taken[0]);
    timings[1].push(taken[1]);
  }
  return [median(timings[0]), median(timings[1])];
}

/** One line of the result: what was measured, the figure, what was promised. */
export function report(what: string, figure: string, promise: string, isKept: boolean): void {
  process.stdout.write(`${isKept ? 'kept  ' : 'BROKEN'}  ${what}: ${figure} (promised: ${promise})\n`);
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
