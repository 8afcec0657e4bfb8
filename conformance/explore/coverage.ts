import type { Evidence } from '../journal/evidence.ts';
import type { Hazard } from '../scenarios/scenario.ts';
import type { ScenarioResult } from '../verdict/report.ts';

/** What schedules have come upon, and what they had judged. */
export class Coverage {
  readonly #hazards: readonly Hazard[];
  readonly #reached = new Map<string, number>();
  readonly #judged = new Map<string, number>();

  constructor(hazards: readonly Hazard[]) {
    this.#hazards = [...new Map(hazards.map((hazard) => [hazard.id, hazard])).values()];
  }

  /** Counts the hazards that a schedule has reached. */
  see(evidence: Evidence): void {
    for (const { id, isReached } of this.#hazards) {
      if (isReached(evidence)) this.#reached.set(id, (this.#reached.get(id) ?? 0) + 1);
    }
  }

  /** Counts the rules that it had judged. */
  judge({ rules }: Pick<ScenarioResult, 'rules'>): void {
    for (const { id, status } of rules) {
      if (status === 'inconclusive' || status === 'not-applicable') continue;
      this.#judged.set(id, (this.#judged.get(id) ?? 0) + 1);
    }
  }

  get hazardsReached(): number {
    return this.#reached.size;
  }

  /** In how many schedules each hazard was reached, in the order of the catalogue. */
  get hazards(): ReadonlyArray<{ readonly id: string; readonly title: string; readonly schedules: number }> {
    return this.#hazards.map(({ id, title }) => ({ id, title, schedules: this.#reached.get(id) ?? 0 }));
  }

  /** In how many schedules a rule was judged. */
  judgedIn(rule: string): number {
    return this.#judged.get(rule) ?? 0;
  }
}
