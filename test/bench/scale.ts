import type { BenchPlace } from './bench.ts';
import { createFigure, type Figure } from './figure.ts';
import { inTurn, timeRequest } from './measure.ts';
import { advance, startServed, type Served } from './served.ts';

/** As few transactions as make every context live: what is measured is what stands there, not what is written. */
const quiet = ['--speed', '0', '--rate', '0.1', '--segment-size', '16KiB', '--log-segment-size', '16KiB'];
const MANY_CONTEXTS = 1000;
const MANY_NODES = 50;
const contexts = Array.from({ length: MANY_CONTEXTS }, (_, place) => `context-${place}`).join(',');

const listing = '/v1/backup/filenames?type=EVENT&context=context-0';
const log = '/v1/backup/log/filenames?context=context-0';

/** What a served cluster takes of memory, and of a request's time, with many contexts and with many nodes. */
export async function measureScale({ runs, folder, say }: BenchPlace): Promise<readonly Figure[]> {
  const many = ['--nodes', '1', '--contexts', contexts];
  const one = ['--nodes', '1', '--contexts', 'context-0'];
  const wide = ['--nodes', String(MANY_NODES), '--contexts', 'context-0'];
  const usual = ['--nodes', '3', '--contexts', 'context-0'];
  say(`serving ${MANY_CONTEXTS} contexts beside one`);
  const byContexts = await beside(folder, { args: many, name: '1,000 contexts' }, { args: one, name: 'one' }, runs);
  say(`serving ${MANY_NODES} nodes beside three`);
  const byNodes = await beside(folder, { args: wide, name: '50 nodes' }, { args: usual, name: 'three' }, runs);
  return [...byContexts, ...byNodes];
}

interface Kind {
  readonly name: string;
  readonly args: readonly string[];
}

async function beside(folder: string, large: Kind, small: Kind, runs: number): Promise<Figure[]> {
  const values: Record<'memory' | 'listing' | 'log', { readonly large: number[]; readonly small: number[] }> = {
    memory: { large: [], small: [] },
    listing: { large: [], small: [] },
    log: { large: [], small: [] },
  };
  for (let run = 0; run < runs; run++) {
    const served: Served[] = [];
    try {
      for (const [place, { args }] of [large, small].entries())
        served.push(await startServed([...args, ...quiet, '--data-dir', `${folder}/${large.name}-${run}-${place}`]));
      const [first, second] = served;
      if (first === undefined || second === undefined) throw new Error('nothing is served');
      await advance(first, '1m');
      await advance(second, '1m');
      for (const [what, path] of [
        ['listing', listing],
        ['log', log],
      ] as const) {
        const [ofLarge, ofSmall] = await inTurn(
          [() => timeRequest(`${first.url}${path}`), () => timeRequest(`${second.url}${path}`)],
          { runs: 1, timesPerRun: 100 },
        );
        values[what].large.push(...ofLarge);
        values[what].small.push(...ofSmall);
      }
      values.memory.large.push(await first.residentMiB());
      values.memory.small.push(await second.residentMiB());
    } finally {
      for (const each of served) await each.close();
    }
  }
  const figure = (what: string, unit: 'MiB' | 'ms', key: keyof typeof values): Figure =>
    createFigure({
      what: `${large.name}, ${what}`,
      unit,
      measured: { name: large.name, values: values[key].large },
      baseline: { name: small.name, values: values[key].small },
    });
  return [
    figure('memory', 'MiB', 'memory'),
    figure('a listing', 'ms', 'listing'),
    figure('the files of a log', 'ms', 'log'),
  ];
}
