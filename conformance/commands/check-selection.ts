import { AxonError, serverVersions, type Edition } from '../../server/index.ts';
import type { PlaySelection } from '../check/selection/select-plays.ts';
import { selectScenarios } from '../check/selection/select-scenarios.ts';
import type { VersionChoice } from '../check/selection/versions.ts';
import { rules } from '../rules/catalog.ts';
import { scenarios } from '../scenarios/catalog.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { CheckFlags } from './check-options.ts';
import { readReport } from './report-files.ts';
import { readScenarioFiles } from './scenario-files.ts';
import { notesOnSelection } from './selection-notes.ts';

/** What a check plays. */
export interface Choice {
  readonly seed: number;
  readonly serverVersion: VersionChoice;
  readonly edition: Edition;
  /** Scenarios that come from files, each with its file. */
  readonly own: ReadonlyMap<Scenario, string>;
  /** What is chosen from: those of files, or the kit's own. */
  readonly played: readonly Scenario[];
  readonly selection: Pick<PlaySelection, 'only' | 'skip' | 'lastFailed' | 'shard'>;
  /** What of the flags comes to nothing, a line each. */
  readonly notes: readonly string[];
}

/**
 * Flags → what is played. An earlier report brings its own seed, server version and edition, unless those are given: what did not pass
 * is played as it was. Fails with `bad-option`, in one line, where globs leave nothing to play.
 */
export function chooseWhatToPlay(
  flags: CheckFlags,
  { isGiven }: { readonly isGiven: (option: string) => boolean },
): Choice {
  const own = readScenarioFiles(flags.scenario);
  const played = own.size > 0 ? [...own.keys()] : scenarios;
  const notes = notesOnSelection(flags, { rules, scenarios: played });
  if (selectScenarios(flags.only, flags.skip, played).length === 0) throw new AxonError('bad-option', notes.join('; '));
  const earlier = flags.lastFailed === undefined ? null : readReport(flags.lastFailed, '--last-failed');
  const { only, skip, shard } = flags;
  return {
    seed: earlier === null || isGiven('seed') ? flags.seed : earlier.seed,
    serverVersion:
      earlier === null || isGiven('serverVersion') ? flags.serverVersion : versionOf(earlier.serverVersion),
    edition: earlier === null || isGiven('edition') ? flags.edition : (earlier.edition ?? 'enterprise'),
    own,
    played,
    selection: {
      only,
      skip,
      ...(earlier === null ? {} : { lastFailed: earlier }),
      ...(shard === undefined ? {} : { shard }),
    },
    notes,
  };
}

/** That of another release of the kit may be unknown to this one. */
function versionOf(text: string): VersionChoice {
  const known: readonly VersionChoice[] = [...serverVersions, 'all'];
  const version = known.find((each) => each === text);
  if (version !== undefined) return version;
  throw new AxonError('bad-option', `--last-failed: this kit does not know server version ${text}`);
}
