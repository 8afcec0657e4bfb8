import type { Static } from 'typebox';
import { editions, serverVersions } from '../../server/index.ts';
import { Type } from '../../server/shapes.ts';

const oneOrMore = (description: string) =>
  Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }))], { description });

const text = (description: string) => Type.String({ minLength: 1, description });

/**
 * The file of `check --config`: the options of `check` by their names, and the client. schema/config.schema.json is this very
 * schema, for editors; a test holds the two together, and another one this file and the options.
 */
export const ConfigFile = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'for editors' })),
    client: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        description: 'the command of the client with its arguments: what stands behind -- on the command line',
      }),
    ),
    only: Type.Optional(oneOrMore('globs of scenario ids to play, such as log/**')),
    skip: Type.Optional(oneOrMore('globs of scenario ids to leave out')),
    jobs: Type.Optional(Type.Integer({ minimum: 1, description: 'scenarios side by side' })),
    seed: Type.Optional(Type.Integer({ minimum: 0, description: 'of every cluster' })),
    'server-version': Type.Optional(
      Type.Enum([...serverVersions, 'all'], { description: 'whose behaviour the clusters show; a string: "4.6"' }),
    ),
    edition: Type.Optional(
      Type.Enum([...editions], { description: 'standard: one node, context default alone, no log, no groups' }),
    ),
    'context-path': Type.Optional(text('of every cluster: below which every public path lies, as /axonserver-1')),
    timeout: Type.Optional(text('of one run of the client, such as 90s')),
    report: Type.Optional(oneOrMore('KIND=FILE with json, junit, html or markdown; or github')),
    capabilities: Type.Optional(oneOrMore('what the client does not do: no-open-segment, no-snapshots, in-place')),
    'expected-failures': Type.Optional(text('file of known failures')),
    'write-expected-failures': Type.Optional(text('file that the list of known failures is written to')),
    out: Type.Optional(text('folder for journal, output, backup and verdict of each scenario')),
    'fail-on': Type.Optional(Type.Enum(['fail', 'warn'], { description: 'what makes the check fail' })),
    restore: Type.Optional(text('command that unpacks BACKUP_DIR into RESTORE_DIR')),
    scenario: Type.Optional(oneOrMore("scenario files to play in place of the kit's own")),
    bail: Type.Optional(
      Type.Union([Type.Boolean(), Type.Integer({ minimum: 1 })], {
        description: 'begin no more scenarios once so many have failed; true: one',
      }),
    ),
    'last-failed': Type.Optional(text('JSON report: only what did not pass in it')),
    shard: Type.Optional(text('I/N: the I-th of N parts')),
    'server-root': Type.Optional(text('the folder that the server takes for its data folder, such as /axonserver')),
    source: Type.Optional(Type.Enum(['read-only'], { description: "how the client sees the nodes' folders" })),
    host: Type.Optional(text('address that the clusters bind and the client is told')),
    'client-user': Type.Optional(
      Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d+(?::\\d+)?$' })], {
        description: 'UID or "UID:GID": as whom the client runs',
      }),
    ),
    quiet: Type.Optional(Type.Boolean({ description: 'the verdict alone' })),
    verbose: Type.Optional(Type.Boolean({ description: 'every finding of every scenario' })),
    shell: Type.Optional(Type.Boolean({ description: 'give the client to a shell, as one command line' })),
  },
  {
    additionalProperties: false,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:axon-backup-kit:config:1',
    title: 'Options of axon-backup-kit check, by their names',
  },
);
export type ConfigFile = Static<typeof ConfigFile>;
