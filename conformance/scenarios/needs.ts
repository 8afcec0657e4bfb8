import { behaviours, serverVersions, type ServerVersion } from '../../server/index.ts';
import type { Need, Scenario } from './scenario.ts';
import { versionInWords } from './version-words.ts';

/** What some situations need of a server, and not every version has. */
export const needs = {
  replicationGroups: {
    isMetBy: ({ hasReplicationGroups }) => hasReplicationGroups,
    otherwise: 'has no replication groups apart from contexts',
  },
  openSegmentsListed: {
    isMetBy: ({ hasEventStoreListing }) => hasEventStoreListing,
    otherwise: 'lists no segments but closed ones',
  },
  logIndexFiles: {
    isMetBy: ({ hasLogIndexFiles }) => hasLogIndexFiles,
    otherwise: 'has no index files of log segments',
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
} as const satisfies Record<string, Need>;

export const needNames = Object.keys(needs) as (keyof typeof needs)[];

/** Why a version cannot play a scenario, in one line; null where it can. */
export function reasonNotToPlay(scenario: Scenario, version: ServerVersion): string | null {
  const unmet = scenario.needs?.find((need) => !need.isMetBy(behaviours[version]));
  return unmet === undefined ? null : `${versionInWords(version)} ${unmet.otherwise}`;
}

/** The same for all versions that cannot. */
export function reasonsNotToPlay(scenario: Scenario): string[] {
  return serverVersions.flatMap((version) => reasonNotToPlay(scenario, version) ?? []);
}
