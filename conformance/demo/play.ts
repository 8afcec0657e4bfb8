import { AxonError } from '../../server/index.ts';
import { runConformance } from '../check/run-conformance.ts';
import { CommandDriver } from '../driver/command-driver.ts';
import type { Evidence } from '../journal/evidence.ts';
import type { Restoration } from '../journal/restoration.ts';
import type { Report } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import type { Demonstration } from './demonstration.ts';
import { narrate, type Moment } from './narrate.ts';

/** A client of fixtures/, and how it is started. */
export interface DemonstratedClient {
  readonly id: string;
  readonly argv: readonly string[];
  /** What is wrong with it, or special about it. A sentence. */
  readonly defect: string;
}

/** What one of the two clients did, and what came of it. */
export interface DemonstratedSide {
  readonly client: DemonstratedClient;
  readonly report: Report;
  readonly moments: readonly Moment[];
  /** What a restore of its last backup comes to. */
  readonly restoration: Restoration;
  /** What the timeline is drawn from. */
  readonly journal: ScenarioJournal;
}

/** A hazard that was played, by both. */
export interface PlayedDemonstration {
  readonly demonstration: Demonstration;
  readonly naive: DemonstratedSide;
  readonly correct: DemonstratedSide;
}

export interface PlayOptions {
  readonly clients: readonly DemonstratedClient[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly seed: number;
  /** Real milliseconds for one run. */
  readonly timeoutMs: number;
  /** Ends it, with `interrupted`. */
  readonly signal?: AbortSignal;
  /** Told what could not be cleared away, each with the reason. */
  readonly onLeftBehind?: (reasons: readonly string[]) => void;
  /** Called when a side has been played. */
  readonly onSide?: (side: DemonstratedSide, isNaive: boolean) => void;
}

/** Plays a hazard: the naive client and the correct one, each for real on a cluster of its own with the same seed. */
export async function playDemonstration(
  demonstration: Demonstration,
  options: PlayOptions,
): Promise<PlayedDemonstration> {
  const naive = await playSide(demonstration, demonstration.naive, options);
  options.onSide?.(naive, true);
  const correct = await playSide(demonstration, demonstration.correct, options);
  options.onSide?.(correct, false);
  return { demonstration, naive, correct };
}

async function playSide(
  { scenario }: Demonstration,
  clientId: string,
  { clients, environment, seed, timeoutMs, signal, onLeftBehind }: PlayOptions,
): Promise<DemonstratedSide> {
  const client = clients.find(({ id }) => id === clientId);
  if (client === undefined) throw new Error(`a demonstration names a client that is not there: ${clientId}`);
  const left: Evidence[] = [];
  const journals: ScenarioJournal[] = [];
  const report = await runConformance({
    driver: new CommandDriver({ argv: client.argv, useShell: false, environment }),
    scenarios: [scenario],
    seed,
    timeoutMs,
    keepsFailures: false,
    ...(signal === undefined ? {} : { signal }),
    ...(onLeftBehind === undefined ? {} : { onLeftBehind }),
    onEvidence: (evidence) => left.push(evidence),
    onResult: (_result, journal) => {
      if (journal !== null) journals.push(journal);
    },
  });
  const [played] = left;
  const [journal] = journals;
  const run = played?.runs.at(-1);
  if (played === undefined || journal === undefined || run === undefined) {
    throw new AxonError('demonstration-failed', report.scenarios[0]?.message ?? 'the scenario did not run');
  }
  return { client, report, moments: narrate(played), restoration: run.restoration, journal };
}
