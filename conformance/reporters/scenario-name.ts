import { versionInWords } from '../scenarios/version-words.ts';
import type { Report, ScenarioResult } from '../verdict/report.ts';

/** The part of a report, or of a check, that says with what it was played. */
type Checked = Pick<Report, 'serverVersion'>;

/** How a result is called: by its scenario, and where there are several versions by both: `4.2 order/large-store`. */
export function nameOf(
  { id, serverVersion }: Pick<ScenarioResult, 'id' | 'serverVersion'>,
  { serverVersion: checked }: Checked,
): string {
  return checked === 'all' ? `${serverVersion} ${id}` : id;
}

/** Versions that were played, in the order of the results. */
export function versionsIn({ scenarios }: Pick<Report, 'scenarios'>): string[] {
  return [...new Set(scenarios.map(({ serverVersion }) => serverVersion))];
}

/** Scenarios of a report with the results of all versions, in reading order. */
export function byScenario({ scenarios }: Pick<Report, 'scenarios'>): Array<readonly [string, ScenarioResult[]]> {
  const results = new Map<string, ScenarioResult[]>();
  for (const scenario of scenarios) results.set(scenario.id, [...(results.get(scenario.id) ?? []), scenario]);
  return [...results];
}

/** `server version 4.2`, `server version 4.2, standard edition`, `the documented server`, `all server versions`; of a part `all server versions, shard 2/4`. */
export function formatVersions({ serverVersion, edition, shard }: Checked & Pick<Report, 'edition' | 'shard'>): string {
  const versions =
    serverVersion === 'all'
      ? 'all server versions'
      : serverVersion === 'documented'
        ? versionInWords(serverVersion)
        : `server version ${serverVersion}`;
  const servers = edition === undefined ? versions : `${versions}, ${edition} edition`;
  return shard === undefined ? servers : `${servers}, shard ${shard.index}/${shard.count}`;
}
