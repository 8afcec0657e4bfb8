import { AxonError, behaviours, serverVersions, type ServerVersion } from '../../server/index.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** Whose behaviour the clusters of a check show; `all` for every version, one after the other. */
export type VersionChoice = ServerVersion | 'all';

/** The versions that are meant, in the order of the server's own list. */
export function chooseVersions(choice: VersionChoice): readonly ServerVersion[] {
  if (choice === 'all') return serverVersions;
  if (serverVersions.includes(choice)) return [choice];
  const known = [...serverVersions, 'all'].join(', ');
  throw new AxonError('bad-option', `there is no server version "${String(choice)}"; there are ${known}`);
}

/** Why a version cannot play a scenario, in one line; null where it can. */
export function reasonNotToPlay({ needs = [] }: Scenario, version: ServerVersion): string | null {
  const unmet = needs.find((need) => !need.isMetBy(behaviours[version]));
  return unmet === undefined ? null : `${version} ${unmet.otherwise}`;
}
