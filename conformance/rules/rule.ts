import type { Evidence, ListedWhileWritten } from '../journal/evidence.ts';

export type Level = 'must' | 'should';

/** One thing to look at: what the client did wrong, where and when, and the way out. */
export interface Finding {
  /** The run, where the finding belongs to one. */
  readonly run: number | null;
  /** Virtual milliseconds since 1970, where it belongs to a moment. */
  readonly atMs: number | null;
  /** The request, file or segment that shows it. */
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
}

/** What a rule says of a scenario's evidence. `inconclusive` where the situation never arose. */
export type Judgement =
  | { readonly verdict: 'pass'; readonly judged: string }
  | {
      readonly verdict: 'fail';
      readonly findings: readonly Finding[];
      /** Where there was no backup to look into, other rules miss everything: this is why, and it is told first. */
      readonly isTheReason?: true;
      /** Where what was found is graver than the rule as a whole: it fails as one of this level. */
      readonly level?: 'must';
      /** What is missing is what the emulated release does not list, and worth to be told all the same. */
      readonly isOfUnlisted?: true;
    }
  | { readonly verdict: 'inconclusive'; readonly reason: string };

/** A rule is data and one pure function. Its id is its path in this room, stable, and never used again. */
export interface Rule {
  readonly id: string;
  readonly level: Level;
  /** What a client has to do, in one sentence. */
  readonly requirement: string;
  /** Where the manual of the release has no step for the log (2026.0); the usual one unless given. */
  readonly levelWithoutLogStep?: Level;
  /**
   * Clause of the manual, or section of a page of docs/, that says so: something that a reader can open, and what stands there.
   *
   *     Reference guide, Backups: the answer to createControlDbBackup is the full path of the file to copy;
   *     docs/backup-endpoints.md, sections 2.1 and 2.2: the name carries the time, the file is one zip
   */
  readonly source: string;
  /** What goes wrong otherwise; shown by `explain`. */
  readonly why: string;
  /** What to do about a failure. */
  readonly remedy: string;
  /** A good and a bad course of events in a few lines of text. */
  readonly timelines: { readonly good: string; readonly bad: string };
  /** A client that declares one of these does not have to keep the rule. */
  readonly waivedBy?: readonly string[];
  /**
   * What the rule is about. Where the emulated release does not list that, a client cannot do better: a rule that finds
   * nothing to judge then, or a `should` rule that finds it missing, does not apply. What is about a log never does where
   * there is none.
   */
  readonly isAbout?: keyof ListedWhileWritten;
  /**
   * Rules whose failure makes this one fail too: ids, areas (`log/*`), or `*` for every rule that does not say `*` itself.
   * Where one of them fails in the same scenario, this one is told behind it, as what follows; one that says `*` only
   * where that does not fail in later runs alone.
   * Where two name each other, the cause is the one that fails in more scenarios.
   */
  readonly consequenceOf?: readonly string[];
  /**
   * Why it takes the fake cluster to judge it: what that knows, or does, and no real server. Absent where requests, answers and
   * the copied files are enough, as `watch` sees them.
   */
  readonly needsCluster?: string;
  readonly check: (evidence: Evidence) => Judgement;
}

/** `pass` with what was looked at, or `fail` with the findings; `inconclusive` where nothing was looked at. */
export function judge(looked: number, what: string, findings: readonly Finding[]): Judgement {
  if (findings.length > 0) return { verdict: 'fail', findings };
  if (looked === 0) return { verdict: 'inconclusive', reason: `there was nothing to judge: no ${what}` };
  return { verdict: 'pass', judged: `${looked} ${what}` };
}
