import type { Finding, Level } from '../rules/rule.ts';
import type { Verdict } from './verdict.ts';

/** One rule in one scenario. */
export interface RuleResult {
  readonly id: string;
  readonly level: Level;
  readonly status: Verdict;
  /** One line: what was judged, what is wrong, or why nothing could be said. */
  readonly message: string;
  readonly evidence: readonly Finding[];
  /** Present where there was no backup to look into: whatever else fails in the same runs follows from this. */
  readonly isTheReason?: true;
}

export interface RunSummary {
  readonly run: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly hasTimedOut: boolean;
  /** Requests that the client made to the cluster. */
  readonly requests: number;
  /** ISO 8601, virtual. */
  readonly virtualStart: string;
  readonly virtualEnd: string;
  /**
   * The last lines that the client wrote to stderr, where the run ended badly by itself: one line of text each, in which
   * controls are shown, tokens struck out, and what has another name each time replaced by what the contract calls it.
   */
  readonly stderrTail?: readonly string[];
}

export interface ReportedLoss {
  readonly context: string;
  readonly type: string;
  readonly events: number;
  /** Virtual seconds between the first and the last lost event. */
  readonly virtualTime: number;
}

/** What a restore takes of a backup. Places are folders and archives of the backup, with the number of segments from each. */
export interface ReportedRestore {
  /** The last run that claimed a good backup; else the last one. */
  readonly run: number;
  readonly why: string;
  readonly controlDb: string | null;
  readonly logs: ReadonlyArray<{ readonly group: string; readonly from: readonly ReportedPlace[] }>;
  readonly stores: ReadonlyArray<{
    readonly context: string;
    readonly type: string;
    readonly from: readonly ReportedPlace[];
  }>;
}

export interface ReportedPlace {
  readonly place: string;
  readonly segments: number;
}

/** Where journal, output, verdict and backup of a scenario lie. */
export interface Artefacts {
  /** Below the folder that was asked for, written as that was; or below a temporary one. */
  readonly folder: string;
  /** A temporary folder has another name each time, so that reports in files do not tell it. */
  readonly isTemporary: boolean;
}

/** In place of a version: a server that somebody operates, as `watch` sees it. What it has acknowledged nobody knows. */
export const REAL_SERVER = 'real';

export interface ScenarioResult {
  readonly id: string;
  /** Of the server that the cluster behaved as. With several of them an id alone names no result. */
  readonly serverVersion: string;
  readonly title: string;
  readonly status: Verdict;
  /**
   * Why the scenario is what it is, where its rules do not say so: a hazard that was not reached, a version that cannot play
   * it, the kit's own fault.
   */
  readonly message: string | null;
  readonly rules: readonly RuleResult[];
  /** What a reader should know beside the verdict, and no rule is about; absent where there is nothing. */
  readonly notes?: readonly string[];
  readonly hazards: ReadonlyArray<{ readonly id: string; readonly reached: boolean }>;
  readonly runs: readonly RunSummary[];
  /** What the restore of the last backup took of it, and why; absent where no run ended. */
  readonly restored?: ReportedRestore;
  /** What a restore of the last backup loses. */
  readonly loss: readonly ReportedLoss[];
  /** The command that repeats this scenario. */
  readonly repro: string;
  /** Null where nothing was kept. */
  readonly artefacts: Artefacts | null;
  /** Real milliseconds: of the whole scenario, and of the client's processes alone. Differ from run to run. */
  readonly wallClock: { readonly totalMs: number; readonly clientMs: number };
}

export type Summary = Readonly<Record<'pass' | 'fail' | 'warn' | 'inconclusive' | 'notApplicable' | 'error', number>>;

/** A part of what is to be played: the `index`-th of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Why a report lacks some of what was selected. */
export type ReasonIncomplete = 'interrupted' | 'disk-full' | 'bail' | 'shard-missing';

/** What a report lacks of what was selected. */
export interface Incomplete {
  /** From the gravest: somebody has ended the check, there was no room left, as many scenarios failed as were to end it, a shard was not merged. */
  readonly reasons: readonly ReasonIncomplete[];
  /** Scenarios that were selected and not played; those of a shard that is missing are not known. */
  readonly notPlayed: ReadonlyArray<Pick<ScenarioResult, 'id' | 'serverVersion'>>;
}

/** An expected failure (`rule`, `scenario:rule`, or `scenario` for what it misses) and whether it still fails. */
export interface ExpectedFailure {
  readonly entry: string;
  readonly isStale: boolean;
  /** Present where its date is past: it covers nothing any more. */
  readonly isExpired?: true;
  /** The last day on which it covers anything, as `2027-01-31`; absent without such a day. */
  readonly until?: string;
  /** Why it is expected; absent where that was not said. */
  readonly reason?: string;
}

/**
 * Everything that a reporter needs, as plain data. The JSON report is this, and nothing else, but for
 * temporary folders.
 */
export interface Report {
  readonly schemaVersion: 1;
  readonly kit: { readonly version: string };
  readonly seed: number;
  /** A version; `all`, where each scenario was played once for each of them; or `real`. */
  readonly serverVersion: string;
  /** Of all servers; absent for the enterprise edition. */
  readonly edition?: 'standard';
  readonly client: { readonly argv: readonly string[] };
  readonly capabilities: readonly string[];
  /** Which part of the selection this is; absent where it is the whole. */
  readonly shard?: Shard;
  /** Present where only what did not pass in an earlier report was played: no known failure is stale then. */
  readonly lastFailed?: true;
  /** Present where not all was played; the exit code is never 0 then. */
  readonly incomplete?: Incomplete;
  readonly exitCode: 0 | 1 | 2 | 70;
  /** Rule results over all scenarios and versions, by status. */
  readonly summary: Summary;
  readonly rules: ReadonlyArray<{
    readonly id: string;
    readonly level: Level;
    /** Worst of the scenarios that judged it. */
    readonly status: Verdict;
    /** Worst of the scenarios of each version, in the order of versions; without those in which it was not looked at. */
    readonly versions: ReadonlyArray<{ readonly version: string; readonly status: Verdict }>;
    /** Ids of the scenarios in which it was looked at, with any version. */
    readonly scenarios: readonly string[];
  }>;
  /** Version by version, and in reading order. */
  readonly scenarios: readonly ScenarioResult[];
  readonly expectedFailures: readonly ExpectedFailure[];
}
