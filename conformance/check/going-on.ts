import { AxonError } from '../../server/index.ts';
import { hasFailed, liveEntries, parseExpectedFailure, reviewExpectedFailures } from '../verdict/expected-failures.ts';
import type { Incomplete, ReasonIncomplete, ScenarioResult } from '../verdict/report.ts';
import type { Play } from './selection/versions.ts';

/** What ends a check before all is played. */
export interface EndOptions {
  readonly expectedFailures?: readonly string[];
  readonly failOn?: 'fail' | 'warn';
  /** So many failed scenarios are enough; any number unless given. */
  readonly bail?: number;
  readonly reportsInterrupted?: boolean;
  readonly signal?: AbortSignal;
}

/** Whether a check goes on with the next scenario, and what it lacks if it does not. */
export class GoingOn {
  readonly #options: EndOptions;
  /** Known failures that are not past their date. */
  readonly #known: readonly string[];
  #failures = 0;
  #isDiskFull = false;

  /** `today` as `2027-01-31`. */
  constructor(options: EndOptions, today: string) {
    this.#options = options;
    const entries = (options.expectedFailures ?? []).map(parseExpectedFailure);
    this.#known = liveEntries(reviewExpectedFailures(entries, [], today));
  }

  get isOver(): boolean {
    return this.#isInterrupted || this.#hasEnough || this.#isDiskFull;
  }

  sawResult(result: ScenarioResult): void {
    if (hasFailed(result, this.#known, this.#options.failOn ?? 'fail')) this.#failures++;
  }

  /** That a scenario was interrupted, or found no room, is the end where a report is wanted; all else comes out again. */
  sawFailure(error: unknown): void {
    const kind = this.#options.reportsInterrupted === true && error instanceof AxonError ? error.kind : null;
    if (kind === 'disk-full') this.#isDiskFull = true;
    else if (kind !== 'interrupted' || !this.#isInterrupted) throw error;
  }

  /** What to say of scenarios that were not played; nothing where there are none. */
  incomplete(left: readonly Play[]): { readonly incomplete?: Incomplete } {
    if (left.length === 0) return {};
    const reasons: ReasonIncomplete[] = [
      ...(this.#isInterrupted ? (['interrupted'] as const) : []),
      ...(this.#isDiskFull ? (['disk-full'] as const) : []),
      ...(this.#hasEnough ? (['bail'] as const) : []),
    ];
    const notPlayed = left.map(({ scenario, serverVersion }) => ({ id: scenario.id, serverVersion }));
    return { incomplete: { reasons, notPlayed } };
  }

  get #isInterrupted(): boolean {
    return this.#options.reportsInterrupted === true && this.#options.signal?.aborted === true;
  }

  get #hasEnough(): boolean {
    return this.#failures >= (this.#options.bail ?? Number.POSITIVE_INFINITY);
  }
}
