import * as fs from 'node:fs';
import { AxonError, describeSystemFailure } from '../../server/index.ts';
import { rules } from '../rules/catalog.ts';
import { scenarios } from '../scenarios/catalog.ts';
import { parseScenarioFile } from '../scenarios/scenario-file.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** No scenario is that long; a device or a wrong file may be. */
const MOST_BYTES = 4 * 1024 ** 2;

/** The scenarios of files, each with its file. Fails with `bad-option`, in one line that names the file and the line in it. */
export function readScenarioFiles(files: readonly string[]): ReadonlyMap<Scenario, string> {
  const there = { rules: rules.map(({ id }) => id), hazards: scenarios.flatMap(({ hazards }) => hazards) };
  const read = new Map<Scenario, string>();
  for (const file of files) {
    const scenario = parseScenarioFile(readText(file), file, there);
    const other = fileOf(scenario.id, read);
    if (other !== undefined) {
      throw new AxonError('bad-option', `--scenario ${file}: its id ${scenario.id} is that of ${other}, too`);
    }
    read.set(scenario, file);
  }
  return read;
}

/** The file of the scenario with this id; undefined where it is one of the kit's own. */
export function fileOf(id: string, own: ReadonlyMap<Scenario, string>): string | undefined {
  return [...own].find(([scenario]) => scenario.id === id)?.[1];
}

function readText(file: string): string {
  try {
    const { size } = fs.statSync(file);
    if (size > MOST_BYTES) throw new AxonError('bad-option', `--scenario ${file}: it is larger than 4 MiB`);
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof AxonError) throw error;
    throw new AxonError('bad-option', `--scenario ${file}: ${describeSystemFailure(error)}`);
  }
}
