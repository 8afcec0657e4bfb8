import type { BenchPlace } from './bench.ts';
import { createFigure, type Figure } from './figure.ts';
import { timeOf } from './measure.ts';
import { startServed, type Served } from './served.ts';

const SPEED = 600;
const RATE = 50;
const LOADS_PER_RUN = 8;
const MOST_MS = 1000;

/** A page's load while the cluster is driven as fast as it goes, and beside one that stands still; and how fast it went. */
export async function measurePace({ runs, folder, say }: BenchPlace): Promise<readonly Figure[]> {
  const busyMs: number[] = [];
  const idleMs: number[] = [];
  const reached: number[] = [];
  const worst: number[] = [];
  for (let run = 0; run < runs; run++) {
    say(`${RATE} transactions a second at ${SPEED} times real time`);
    const driven = ['--rate', String(RATE), '--speed', String(SPEED), '--max-disk', '8GiB'];
    const busy = await startServed([...driven, '--data-dir', `${folder}/busy-${run}`]);
    const idle = await startServed(['--rate', '0', '--speed', '0', '--data-dir', `${folder}/idle-${run}`]);
    try {
      // It finds its pace, and its code gets warm.
      for (let load = 0; load < 2; load++) await Promise.all([loadPage(busy), loadPage(idle)]);
      const startMs = performance.now();
      const startVirtualMs = await nowOf(busy);
      const loads: Array<readonly [busy: number, idle: number]> = [];
      for (let load = 0; load < LOADS_PER_RUN; load++)
        loads.push([await timeOf(() => loadPage(busy)), await timeOf(() => loadPage(idle))]);
      const virtualMs = (await nowOf(busy)) - startVirtualMs;
      reached.push(virtualMs / (performance.now() - startMs));
      busyMs.push(middle(loads.map(([ms]) => ms)));
      idleMs.push(middle(loads.map(([, ms]) => ms)));
      worst.push(Math.max(...loads.map(([ms]) => ms)));
    } finally {
      await busy.close();
      await idle.close();
    }
  }
  return [
    createFigure({
      what: 'the live page, loaded meanwhile',
      unit: 'ms',
      measured: { name: 'a busy cluster', values: busyMs },
      baseline: { name: 'one that stands still', values: idleMs },
      promised: { of: 'value', bound: 'at most', limit: MOST_MS },
      notes: [`of each run the median of ${LOADS_PER_RUN} loads, with all its scripts and its first state`],
    }),
    createFigure({
      what: 'the slowest of these loads',
      unit: 'ms',
      measured: { name: 'a busy cluster', values: worst },
      promised: { of: 'value', bound: 'at most', limit: MOST_MS },
    }),
    createFigure({
      what: `speed reached, of ${SPEED} asked for`,
      unit: '×',
      measured: { name: 'a busy cluster', values: reached },
      notes: ['the head of the live page says it where it is less than was asked for'],
    }),
  ];
}

/** As a browser does: the page, what it names, what that names, level by level; and the state that the page shows. */
async function loadPage({ url }: Served): Promise<void> {
  const seen = new Set<string>();
  let wanted = [`${url}/`];
  while (wanted.length > 0) {
    for (const each of wanted) seen.add(each);
    const texts = await Promise.all(wanted.map(async (each) => ({ each, text: await textOf(each) })));
    wanted = texts
      .flatMap(({ each, text }) => namedIn(text).map((name) => new URL(name, each).href))
      .filter((each, place, all) => !seen.has(each) && all.indexOf(each) === place);
  }
  await textOf(`${url}/_sim/state`);
}

/** Scripts, style sheets and icons that a page or a script names. */
function namedIn(text: string): string[] {
  return [...text.matchAll(/(?:src|href|from )=?["']([^"']+\.(?:js|css|svg))["']/g)].map(([, name = '']) => name);
}

async function textOf(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

/** Virtual milliseconds since 1970. */
async function nowOf({ url }: Served): Promise<number> {
  return Date.parse((JSON.parse(await textOf(`${url}/_sim/state`)) as { readonly now: string }).now);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
