import { AxonError, serverVersions, versionsOf, type Edition, type ServerVersion } from '../../../server/index.ts';
import { reasonNotToPlay } from '../../scenarios/needs.ts';
import type { PlayedWith, Scenario } from '../../scenarios/scenario.ts';

/** Whose behaviour the clusters of a check show; `all` for every version, one after the other. */
export type VersionChoice = ServerVersion | 'all';

/** The versions that are meant, in the order of the server's own list. */
function chooseVersions(choice: VersionChoice, edition: Edition): readonly ServerVersion[] {
  const there = versionsOf(edition);
  if (choice === 'all') return there;
  if (there.includes(choice)) return [choice];
  const known = [...there, 'all'].join(', ');
  const missing = serverVersions.includes(choice)
    ? `the ${edition} edition is not known of ${choice}`
    : `there is no server version "${String(choice)}"`;
  throw new AxonError('bad-option', `${missing}; there are ${known}`);
}

/** A scenario, and a version that it is played with. */
export interface Play {
  readonly scenario: Scenario;
  readonly serverVersion: ServerVersion;
}

/** Each scenario with each version: version by version, and in the order of the scenarios. */
export function playsOf(
  scenarios: readonly Scenario[],
  choice: VersionChoice,
  edition: Edition = 'enterprise',
): readonly Play[] {
  return chooseVersions(choice, edition).flatMap((serverVersion) =>
    scenarios.map((scenario) => ({ scenario, serverVersion })),
  );
}

/** Why nothing of it can be played, in one line; null where something can. */
export function reasonToPlayNothing(plays: readonly Play[], played: PlayedWith = {}): string | null {
  const reasons = plays.map(({ scenario, serverVersion }) => reasonNotToPlay(scenario, serverVersion, played));
  return reasons.includes(null) ? null : [...new Set(reasons)].join('; ');
}
