import type { Scenario } from '../scenarios/scenario.ts';

/** A hazard, played twice: by a client that falls for it, and by one that does not. */
export interface Demonstration {
  /** Id of a hazard that its scenario reaches: the same word as in `list hazards`, `explain` and the reports. */
  readonly id: string;
  readonly title: string;
  /** What happens, and why one would not see it coming. Two or three sentences. */
  readonly story: string;
  readonly scenario: Scenario;
  /** Ids of clients in fixtures/. */
  readonly naive: string;
  readonly correct: string;
  /** The rule that a client keeps who does not fall for it. */
  readonly rule: string;
}
