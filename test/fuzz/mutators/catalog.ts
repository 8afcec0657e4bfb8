import type { Mutator } from '../step.ts';
import { packMutators } from './archives.ts';
import { byteMutators } from './bytes.ts';
import { controlDbMutators } from './control-db.ts';
import { fileMutators } from './files.ts';
import { segmentMutators } from './segments.ts';
import { tarMutators } from './tar-fields.ts';
import { zipMutators } from './zip-fields.ts';

/** Kinds of mutators, each with how often it is drawn, relative to the others. */
export const mutatorKinds: ReadonlyArray<readonly [weight: number, mutators: readonly Mutator[]]> = [
  [4, byteMutators],
  [3, fileMutators],
  [3, segmentMutators],
  [2, controlDbMutators],
  [3, tarMutators],
  [3, zipMutators],
];

/** By name; those that pack are drawn with a layout alone. */
export const mutators: ReadonlyMap<string, Mutator> = new Map(
  [...mutatorKinds.flatMap(([, kind]) => kind), ...packMutators].map((each) => [each.name, each]),
);
