import type { TimelineJournal } from '../../timeline/index.ts';

/**
 * What a scenario has left beside its result, as plain data that survives JSON: for reports that show what happened. No
 * token stands in it.
 */
export interface ScenarioJournal {
  /** Id of the scenario. */
  readonly scenario: string;
  /** Of the server that the scenario was played with. */
  readonly serverVersion: string;
  readonly timeline: TimelineJournal;
  /** Requests of all runs in the order of arrival. */
  readonly requests: readonly ReportedRequest[];
}

export interface ReportedRequest {
  readonly run: number;
  /** From 1 within the scenario; findings name requests by it. */
  readonly ordinal: number;
  /** Virtual milliseconds since 1970. */
  readonly atMs: number;
  readonly node: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly fault: string | null;
  /** What was answered, in a few words. */
  readonly answer: string;
}
