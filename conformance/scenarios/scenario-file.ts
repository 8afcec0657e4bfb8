import { Ajv2020 } from 'ajv/dist/2020.js';
import { AxonError, behaviours, dcbContextsIn, serverVersions, type ServerVersion } from '../../server/index.ts';
import { checkOptions, late, readYamlFile, schemaFault, type OptionFault } from '../../server/shapes.ts';
import { needs } from './needs.ts';
import { ScenarioFile } from './scenario-file-schema.ts';
import { findStepFault } from './scenario-file-steps.ts';
import type { Hazard, Scenario } from './scenario.ts';

const shape = late(() =>
  new Ajv2020({ allowUnionTypes: true, discriminator: true }).compile<ScenarioFile>(ScenarioFile),
);

/** What a scenario file may name by its id. */
export interface Nameable {
  /** Ids of rules. */
  readonly rules: readonly string[];
  readonly hazards: readonly Hazard[];
}

/**
 * Reads a scenario file, YAML or JSON. What is wrong with it is `bad-option`, in one line: the file, the line in it, the
 * path, and what would be right.
 */
export function parseScenarioFile(text: string, fileName: string, there: Nameable): Scenario {
  const { content, refuse } = readYamlFile(text, fileName);
  const isScenarioFile = shape();
  if (!isScenarioFile(content)) {
    refuse(isScenarioFile.errors?.map(schemaFault)[0] ?? { path: [], message: 'this is no scenario' });
    throw new Error('a schema that refuses says why');
  }
  const { cluster = {}, steps, rules = [] } = content;
  refuse(findClusterFault(cluster));
  refuse(findStepFault(steps, cluster));
  const { id = idOf(fileName), title = id, story = '', needs: needed = [], hazards: reached = [] } = content;
  refuse(findUnknown('rule', rules, there.rules));
  const known = new Map(there.hazards.map((hazard) => [hazard.id, hazard]));
  refuse(findUnknown('hazard', reached, [...known.keys()]));
  return {
    id,
    title,
    story,
    cluster,
    ...(content.oddities === undefined ? {} : { oddities: content.oddities }),
    ...(content.pace === undefined ? {} : { pace: content.pace }),
    ...(content.tmpdir === undefined ? {} : { tmpdir: content.tmpdir }),
    needs: needed.map((name) => needs[name]),
    steps,
    hazards: reached.flatMap((hazard) => known.get(hazard) ?? []),
    rules,
  };
}

/** `./scenarios/Disk full.yaml` is `own/disk-full`. */
function idOf(fileName: string): string {
  const base = fileName.replace(/^.*[/\\]/, '').replace(/\.(?:ya?ml|json)$/i, '');
  const words = base
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `own/${words.slice(0, 60) || 'scenario'}`;
}

function findClusterFault(cluster: Scenario['cluster']): OptionFault | null {
  try {
    // What a version has not is a reason not to play it there, and no fault of the file.
    const able = dcbContextsIn(cluster.groups).length > 0 ? serverVersions.find(hasDcb) : undefined;
    checkOptions({ ...cluster, ...(able === undefined ? {} : { serverVersion: able }) });
    return null;
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    return { path: ['cluster'], message: error.message };
  }
}

function hasDcb(version: ServerVersion): boolean {
  return behaviours[version].hasDcb;
}

function findUnknown(what: 'rule' | 'hazard', ids: readonly string[], known: readonly string[]): OptionFault | null {
  const place = ids.findIndex((id) => !known.includes(id));
  if (place < 0) return null;
  const named = ids[place]?.slice(0, MOST_ECHOED);
  const message = `there is no ${what} "${named}": \`axon-backup-kit list ${what}s\` tells what there is`;
  return { path: [`${what}s`, place], message };
}

/** What a message repeats of a text that may be anything. */
const MOST_ECHOED = 60;
