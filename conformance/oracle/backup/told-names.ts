import { contextsOf, readControlDbOrNull } from './control-db-content.ts';
import type { PlacedLeaf } from './placed-leaf.ts';
import type { ReadingBudget } from '../archives/reading-budget.ts';

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
export async function namesInControlDbs(files: readonly PlacedLeaf[], budget: ReadingBudget): Promise<string[]> {
  const names = new Set<string>();
  for (const { traits, leaf } of files) {
    if (traits.kind !== 'control-db-zip') continue;
    await budget.turn();
    const content = await readControlDbOrNull(leaf.readBytes, budget);
    if (content === null) continue;
    for (const { group, contexts } of content.groups) for (const name of [group, ...contexts]) names.add(name);
    for (const name of contextsOf(content)) names.add(name);
  }
  return [...names];
}
