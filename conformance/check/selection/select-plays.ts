import { AxonError, type Edition } from '../../../server/index.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Report, Shard } from '../../verdict/report.ts';
import { failedIn } from './last-failed.ts';
import { selectScenarios } from './select-scenarios.ts';
import { playsOf, type Play, type VersionChoice } from './versions.ts';

/** What of all scenarios and versions is to be played. */
export interface PlaySelection {
  /** Globs of scenario ids; all where there are none. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** In place of the kit's own. */
  readonly scenarios?: readonly Scenario[];
  readonly serverVersion: VersionChoice;
  readonly edition?: Edition;
  /** Only what did not pass in this report. */
  readonly lastFailed?: Report;
  readonly failOn?: 'fail' | 'warn';
  readonly shard?: Shard;
}

/**
 * The scenarios that are selected, each with each version: version by version, and in reading order. Fails with `bad-option`
 * where the globs leave nothing, or nothing of what has failed is among them. A shard of little may have nothing to play.
 */
export function selectPlays(selection: PlaySelection): readonly Play[] {
  const { only = [], skip = [], scenarios, serverVersion, edition, lastFailed, failOn = 'fail', shard } = selection;
  const all = playsOf(requireSome(selectScenarios(only, skip, scenarios)), serverVersion, edition);
  const wanted = lastFailed === undefined ? all : failedIn(lastFailed, all, failOn);
  return shard === undefined ? wanted : shardOf(wanted, shard);
}

/** Fails with `bad-option` where no scenario is selected: a slip of the pen must not look like a check. */
export function requireSome(selected: readonly Scenario[]): readonly Scenario[] {
  if (selected.length > 0) return selected;
  throw new AxonError('bad-option', 'no scenario is selected: `axon-backup-kit list scenarios` tells what there is');
}

/**
 * One of `count` parts, of which each item is in exactly one, whoever asks. Neighbours go to different parts: scenarios of
 * one area take about as long as each other.
 */
export function shardOf<Item>(items: readonly Item[], { index, count }: Shard): readonly Item[] {
  return items.filter((_item, place) => place % count === index - 1);
}
