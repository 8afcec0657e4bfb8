import { AxonError, serverVersions, type Edition, type ServerVersion } from '../../server/index.ts';
import { reasonNotToPlay } from '../scenarios/needs.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** Whose behaviour the clusters of a check show; `all` for every version, one after the other. */
export type VersionChoice = ServerVersion | 'all';

/** The versions that are meant, in the order of the server's own list. */
function chooseVersions(choice: VersionChoice): readonly ServerVersion[] {
  if (choice === 'all') return serverVersions;
  if (serverVersions.includes(choice)) return [choice];
  const known = [...serverVersions, 'all'].join(', ');
  throw new AxonError('bad-option', `there is no server version "${String(choice)}"; there are ${known}`);
}

/** A scenario, and a version that it is played with. */
export interface Play {
  readonly scenario: Scenario;
  readonly serverVersion: ServerVersion;
}

/** Each scenario with each version: version by version, and in the order of the scenarios. */
export function playsOf(scenarios: readonly Scenario[], choice: VersionChoice): readonly Play[] {
  return chooseVersions(choice).flatMap((serverVersion) => scenarios.map((scenario) => ({ scenario, serverVersion })));
}

/** Why nothing of it can be played, in one line; null where something can. */
export function reasonToPlayNothing(plays: readonly Play[], edition: Edition = 'enterprise'): string | null {
  const reasons = plays.map(({ scenario, serverVersion }) => reasonNotToPlay(scenario, serverVersion, edition));
  return reasons.includes(null) ? null : [...new Set(reasons)].join('; ');
}
