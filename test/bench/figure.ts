/** Medians of what was measured in each run, and how far the runs lie apart. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export type Unit = 'ms' | 's' | 'MB/s' | 'MiB' | '×';

/** One of the things that were measured in turn. */
export interface Side extends Spread {
  /** What it is, as the page names it: `a bare route`. */
  readonly name: string;
  readonly unit: Unit;
}

/** What the project promises: of the value, or of its ratio to the baseline. */
export interface Promised {
  readonly of: 'value' | 'ratio';
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
}

/** One line of the result. */
export interface Figure {
  /** What was measured: `full listing of 100,000 segments`. */
  readonly what: string;
  /** How often both sides were measured, one after the other. */
  readonly runs: number;
  readonly measured: Side;
  /** What costs anybody something who does the same in the plainest way; null where nothing is its like. */
  readonly baseline: Side | null;
  /** Of the measured to the baseline within each run, so that a machine that changes its speed strikes both. */
  readonly ratio: Spread | null;
  readonly promised: Promised | null;
  /** Whether the promise was kept; true where there is none. */
  readonly isKept: boolean;
  /** Facts that came along, each a phrase: sizes, counts. */
  readonly notes: readonly string[];
}

export interface Measurement {
  readonly what: string;
  readonly unit: Unit;
  /** The name of what is measured, and its value in each run. */
  readonly measured: { readonly name: string; readonly values: readonly number[] };
  readonly baseline?: { readonly name: string; readonly values: readonly number[] };
  readonly promised?: Promised;
  readonly notes?: readonly string[];
}

/** The figure of one value a run, and as many of the baseline; an assertion that both are as many. */
export function createFigure({ what, unit, measured, baseline, promised, notes = [] }: Measurement): Figure {
  if (measured.values.length === 0) throw new Error(`${what}: nothing was measured`);
  if (baseline !== undefined && baseline.values.length !== measured.values.length)
    throw new Error(`${what}: ${measured.values.length} runs beside ${baseline.values.length}`);
  const ratio =
    baseline === undefined
      ? null
      : spreadOf(measured.values.map((value, run) => value / (baseline.values[run] ?? Number.NaN)));
  const side = { name: measured.name, unit, ...spreadOf(measured.values) };
  const judged = promised?.of === 'ratio' ? ratio?.median : side.median;
  return {
    what,
    runs: measured.values.length,
    measured: side,
    baseline: baseline === undefined ? null : { name: baseline.name, unit, ...spreadOf(baseline.values) },
    ratio,
    promised: promised ?? null,
    isKept: promised === undefined || (judged !== undefined && isKept(promised, judged)),
    notes,
  };
}

function isKept({ bound, limit }: Promised, value: number): boolean {
  return bound === 'at most' ? value <= limit : value >= limit;
}

/** Of an even number of values the mean of the two in the middle. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[place] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: rounded((at(Math.floor(middle)) + at(Math.ceil(middle))) / 2),
    lowest: rounded(at(0)),
    highest: rounded(at(sorted.length - 1)),
  };
}

/** Four digits: more are noise, and fill the file. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
