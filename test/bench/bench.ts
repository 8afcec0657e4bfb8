import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';

/** Something that is measured by itself. */
export interface Bench {
  /** What `--only` calls it. */
  readonly name: string;
  /** A heading of the page. */
  readonly title: string;
  /** What is measured beside what, and why; a paragraph of the page. */
  readonly about: string;
  /** How often, unless `--runs` says otherwise. */
  readonly runs: number;
  /** What measures it, once it is wanted. */
  readonly load: () => Promise<(place: BenchPlace) => Promise<readonly Figure[]>>;
}

export interface BenchPlace {
  readonly runs: number;
  /** An empty folder; in memory where the machine offers that. */
  readonly folder: string;
  /** Tells a person who waits what goes on. */
  readonly say: (line: string) => void;
}

/** What `--json` writes. */
export interface BenchReport {
  /** Of the kit. */
  readonly version: string;
  readonly machine: Machine;
  readonly benches: ReadonlyArray<Pick<Bench, 'name' | 'title' | 'about'> & { readonly figures: readonly Figure[] }>;
}
