import { behaviourOf, serverVersions, versionsOf, type ServerVersion } from '../../server/index.ts';
import { dcb, dcbMigration, impliedNeeds, pathMap } from './implied-needs.ts';
import type { Need, PlayedWith, Scenario } from './scenario.ts';
import { serverInWords } from './version-words.ts';

/** What some situations need of a server, and not every version has. */
export const needs = {
  replicationGroups: {
    isMetBy: ({ hasReplicationGroups }) => hasReplicationGroups,
    otherwise: 'has no replication groups apart from contexts',
  },
  log: {
    isMetBy: ({ hasLogListing }) => hasLogListing,
    otherwise: 'has no replication log',
  },
  guardedControlDb: {
    isMetBy: ({ hasControlDbPath, isRootControlDbPathOpen }) => hasControlDbPath || !isRootControlDbPathOpen,
    otherwise: 'asks nobody for a token at the POST',
  },
  openSegmentsListed: {
    isMetBy: ({ hasEventStoreListing }) => hasEventStoreListing,
    otherwise: 'lists no segments but closed ones',
  },
  logIndexFiles: {
    isMetBy: ({ hasLogIndexFiles }) => hasLogIndexFiles,
    otherwise: 'has no index files of log segments',
  },
  snapshotsNamedAsEvents: {
    isMetBy: ({ namesSnapshotsAsEvents }) => namesSnapshotsAsEvents,
    otherwise: 'names snapshots by suffixes of their own',
  },
  openFilesListed: {
    isMetBy: ({ hasEventStoreListing, logListing }) =>
      hasEventStoreListing && logListing !== 'closed descending, each with its index',
    otherwise: 'lists no file that is still written',
  },
  segmentVersions: {
    isMetBy: ({ hasSegmentVersions }) => hasSegmentVersions,
    otherwise: 'has no event transformation, and so no versions of segments',
  },
  pathMap,
  dcb,
  dcbMigration,
} as const satisfies Record<string, Need>;

export const needNames = Object.keys(needs) as (keyof typeof needs)[];

/** Why a version cannot play a scenario in an edition, in one line; null where it can. */
export function reasonNotToPlay(scenario: Scenario, version: ServerVersion, played: PlayedWith = {}): string | null {
  const unmet = unmetNeed(scenario, version, played);
  return unmet === undefined ? null : `${serverInWords(version, played.edition ?? 'enterprise')} ${unmet.otherwise}`;
}

/**
 * The same for all versions that cannot, and once for the standard edition where it cannot in any. What no server does by
 * itself, but only where a check asks for it, is said once.
 */
export function reasonsNotToPlay(scenario: Scenario): string[] {
  if (needsPathMap(scenario)) return [`a server ${needs.pathMap.otherwise}`];
  const standard = versionsOf('standard').map(
    (version) => unmetNeed(scenario, version, { edition: 'standard' })?.otherwise,
  );
  const always = standard[0] !== undefined && standard.every((reason) => reason !== undefined) ? standard[0] : null;
  return [
    ...serverVersions.flatMap((version) => reasonNotToPlay(scenario, version) ?? []),
    ...(always === null ? [] : [`the standard edition ${always}`]),
  ];
}

/** Whether a scenario is for a check with a server root alone, and has none of its own. */
export function needsPathMap(scenario: Scenario): boolean {
  const all = [...impliedNeeds(scenario), ...(scenario.needs ?? [])];
  return all.includes(needs.pathMap) && scenario.cluster.serverRoot === undefined;
}

/** Whether what a scenario is about, by what it says or is made of, are logs. */
export function isAboutLog(scenario: Scenario): boolean {
  const all = [...impliedNeeds(scenario), ...(scenario.needs ?? [])];
  return all.some((need) => need.otherwise === needs.log.otherwise || need === needs.replicationGroups);
}

function unmetNeed(scenario: Scenario, version: ServerVersion, played: PlayedWith): Need | undefined {
  const behaviour = behaviourOf(version, played.edition ?? 'enterprise');
  const isPathMapped = played.isPathMapped === true || scenario.cluster.serverRoot !== undefined;
  return [...impliedNeeds(scenario), ...(scenario.needs ?? [])].find(
    (need) => !need.isMetBy(behaviour, { isPathMapped }),
  );
}
