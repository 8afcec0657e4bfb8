import { decodeControlDbArchive } from '../../server/formats/control-db-archive.ts';
import { AxonError, readControlDb, type ConfiguredNames, type ControlDbGroup } from '../../server/index.ts';
import type { PlacedLeaf } from './placed-leaf.ts';

/** Names of contexts and groups that events and log entries tell. */
export function namesInData(files: readonly PlacedLeaf[]): string[] {
  const names = new Set<string>();
  for (const { traits } of files) {
    if (traits.kind === 'data' && traits.context !== null) names.add(traits.context);
    if (traits.kind !== 'log') continue;
    const { group, contexts, groupOfContext } = traits.log;
    for (const name of [...contexts, ...[...groupOfContext].flat()]) names.add(name);
    if (group !== null) names.add(group);
  }
  return [...names];
}

/** Names of contexts and groups that the control databases among the files tell. */
export async function namesInControlDbs(files: readonly PlacedLeaf[]): Promise<string[]> {
  const names = new Set<string>();
  for (const { traits, leaf } of files) {
    if (traits.kind !== 'control-db-zip') continue;
    const { groups, configuration } = (await openControlDb(leaf.readBytes)) ?? noNames;
    for (const { group, contexts } of groups) for (const name of [group, ...contexts]) names.add(name);
    for (const name of configuration.contexts) names.add(name);
  }
  return [...names];
}

const noNames = { groups: [], configuration: { contexts: [] } };

/** Null for one that is damaged, or a real server's: it tells nothing here; that it is damaged is told elsewhere. */
export async function openControlDb(
  readBytes: () => Buffer,
): Promise<{ readonly groups: readonly ControlDbGroup[]; readonly configuration: ConfiguredNames } | null> {
  try {
    return await readControlDb(decodeControlDbArchive(readBytes()));
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    return null;
  }
}
