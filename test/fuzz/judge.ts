import type { BackupVerification } from '../../conformance/oracle/verification/verification.ts';
import { untruthOf, type Known } from './what-was-there.ts';

/** Reads a backup, and judges it. */
export type Reader = (path: string) => Promise<BackupVerification>;

/**
 * `threw`: anything but a verification came out. `unsettled`: it waits for what never comes. `slow`: it took more than the
 * time. `heavy`: it took more than the memory. `stray`: a promise was rejected, or something thrown, behind its back.
 * `lied`: consistent for less than there was. `hung` and `died` are seen from outside alone: it kept the process busy, or
 * took it down.
 */
export type FailureKind = 'threw' | 'unsettled' | 'slow' | 'heavy' | 'stray' | 'lied' | 'hung' | 'died';

export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
}

export interface Limits {
  readonly timeMs: number;
  readonly residentBytes: number;
}

/** What the issue asks of a reader. */
export const limits: Limits = { timeMs: 5000, residentBytes: 1_000_000_000 };

/** The process in which a reader runs, as far as it is looked at. */
export interface Surroundings {
  /** Milliseconds that the process has had so far, of the processor or of the world. */
  readonly nowMs: () => number;
  /** The most that the process has ever had in memory. */
  readonly peakBytes: () => number;
  /** Resolves once there is nothing left that the process could do. */
  readonly runsDry: () => Promise<void>;
  /** What was thrown behind everybody's back since the last call. */
  readonly takeStrays: () => readonly string[];
}

export interface Judgement {
  readonly failures: readonly Failure[];
  readonly verdict: BackupVerification['verdict'] | null;
  readonly tookMs: number;
}

/** Has a reader read an input, and says what it did wrong. `known` is null for an input of which nothing is known. */
export async function judge(
  reader: Reader,
  path: string,
  known: Known | null,
  { nowMs, peakBytes, runsDry, takeStrays }: Surroundings,
): Promise<Judgement> {
  const failures: Failure[] = [];
  const startMs = nowMs();
  const outcome = await Promise.race([
    run(reader, path),
    runsDry().then(
      () => ({ state: 'unsettled', message: 'the event loop ran dry before the reader had settled' }) as const,
    ),
  ]);
  const tookMs = nowMs() - startMs;
  // A rejection that nobody handles is told once the turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  if (outcome.state !== 'read') failures.push({ kind: outcome.state, message: outcome.message });
  failures.push(...takeStrays().map((message) => ({ kind: 'stray', message }) as const));
  if (tookMs > limits.timeMs) failures.push({ kind: 'slow', message: `it took ${Math.round(tookMs)} ms` });
  const bytes = peakBytes();
  if (bytes > limits.residentBytes)
    failures.push({ kind: 'heavy', message: `${Math.round(bytes / 1e6)} MB were resident` });
  const verification = outcome.state === 'read' ? outcome.verification : null;
  const untruth = verification === null || known === null ? null : untruthOf(verification, known);
  if (untruth !== null) failures.push({ kind: 'lied', message: untruth });
  return { failures, verdict: verification?.verdict ?? null, tookMs };
}

type Outcome =
  | { readonly state: 'read'; readonly verification: BackupVerification }
  | { readonly state: 'threw'; readonly message: string };

async function run(reader: Reader, path: string): Promise<Outcome> {
  try {
    return { state: 'read', verification: await reader(path) };
  } catch (error) {
    return { state: 'threw', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
