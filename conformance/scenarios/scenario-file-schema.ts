import type { Static } from 'typebox';
import { needNames } from './needs.ts';
import { oddityNames } from './oddities.ts';
import { ClusterOfScenario, Pace, Step } from './scenario-schema.ts';
import { Type } from '../../server/shapes.ts';

/** The scenario file of `check --scenario`. */
export const ScenarioFile = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'for editors' })),
    id: Type.Optional(
      Type.String({
        pattern: String.raw`^[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)?$`,
        maxLength: 80,
        description: 'area/situation, in small letters; own/ and the name of the file unless given',
      }),
    ),
    title: Type.Optional(Type.String({ maxLength: 200, description: 'what happens, in half a line' })),
    story: Type.Optional(
      Type.String({ maxLength: 2000, description: 'what happens, and what a careless client gets wrong in it' }),
    ),
    cluster: Type.Optional(ClusterOfScenario),
    oddities: Type.Optional(
      Type.Array(Type.Enum([...oddityNames]), { description: 'ways in which this cluster lists its files oddly' }),
    ),
    pace: Type.Optional(Pace),
    tmpdir: Type.Optional(
      Type.Enum(['other-file-system'], {
        description: 'where TMPDIR lies, if not beside BACKUP_DIR; not applicable where the machine has no such place',
      }),
    ),
    needs: Type.Optional(
      Type.Array(Type.Enum(needNames), { description: 'what not every version has: others do not play it' }),
    ),
    notPlayed: Type.Optional(
      Type.Array(Type.String(), {
        description: 'which versions do not play it, as list scenarios --json says; not read',
      }),
    ),
    steps: Type.Array(Step, { minItems: 1, maxItems: 1000 }),
    hazards: Type.Optional(
      Type.Array(Type.String(), {
        description: 'situations that it must reach, or nothing is proved: axon-backup-kit list hazards',
      }),
    ),
    rules: Type.Optional(
      Type.Array(Type.String(), {
        description: 'rules that must be judged here, or nothing is proved: axon-backup-kit list rules',
      }),
    ),
  },
  {
    additionalProperties: false,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:axon-backup-kit:scenario:1',
    title: 'A scenario for axon-backup-kit check --scenario',
  },
);
export type ScenarioFile = Static<typeof ScenarioFile>;
