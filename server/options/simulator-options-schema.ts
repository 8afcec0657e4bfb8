import { Ajv } from 'ajv';
import { Type } from '../schema-type.ts';
import { late } from './late.ts';
import { schemaFault, type OptionFault } from './option-fault.ts';

/*
 * The shape of what startSimulator() is told, for callers that no compiler looks after: a slip of the pen is said, and not
 * passed over. What the values may be is checked where they are resolved, with words of its own.
 */

const closed = { additionalProperties: false };
const Text = Type.Optional(Type.String());
const Amount = Type.Optional(Type.Number());

const Context = Type.Unsafe({
  type: ['string', 'object'],
  required: ['name'],
  properties: { name: Type.String(), dcb: Type.Boolean() },
  ...closed,
});

const Group = Type.Object(
  {
    name: Type.String(),
    contexts: Type.Optional(Type.Array(Context)),
    members: Type.Optional(Type.Array(Type.Object({ node: Type.String(), role: Text }, closed))),
  },
  closed,
);
const Roles = Type.Array(Type.Object({ context: Type.String(), role: Type.String() }, closed));
const Token = Type.Object({ token: Type.String(), roles: Roles }, closed);
const User = Type.Object({ name: Type.String(), password: Type.String(), roles: Roles }, closed);

const IndexFormat = Type.Union([Type.String(), Type.Object({ event: Text, snapshot: Text }, closed)]);

const Options = Type.Object(
  {
    port: Amount,
    host: Text,
    nodes: Type.Optional(Type.Union([Type.Number(), Type.Array(Type.String())])),
    contexts: Type.Optional(Type.Array(Type.String())),
    groups: Type.Optional(Type.Array(Group)),
    dataDir: Text,
    rate: Amount,
    payloadBytes: Amount,
    maxDiskBytes: Amount,
    seed: Amount,
    speed: Amount,
    serverVersion: Text,
    edition: Text,
    segmentSizeBytes: Amount,
    logSegmentSizeBytes: Amount,
    nodeSegmentSizeBytes: Type.Optional(Type.Record(Type.String(), Type.Number())),
    firstTokens: Type.Optional(Type.Record(Type.String(), Type.String())),
    snapshotStorage: Text,
    indexFormats: Type.Optional(Type.Record(Type.String(), IndexFormat)),
    memoryMappedFiles: Type.Optional(Type.Boolean()),
    serverRoot: Text,
    mountsApart: Type.Optional(Type.Boolean()),
    contextPath: Text,
    token: Text,
    tokens: Type.Optional(Type.Array(Token)),
    users: Type.Optional(Type.Array(User)),
    dcbBackupFolders: Type.Optional(Type.Array(Type.String())),
  },
  closed,
);

// A number that is none, or without end, is a number here: it is refused with its name where its range is known.
// That the schema is one need not be found out at each start: what compiles it refuses what it cannot read.
const shape = late(() =>
  new Ajv({
    allowUnionTypes: true,
    strictNumbers: false,
    meta: false,
    validateSchema: false,
  }).compile(Options),
);

const nullable: ReadonlySet<string> = new Set(['dataDir', 'payloadBytes', 'serverRoot', 'token']);

/** The first thing that has not the shape of an option, or null. */
export function findShapeFault(options: unknown): OptionFault | null {
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options);
  if (!isObject) return { path: [], message: 'the options must be an object' };
  const given = Object.fromEntries(
    Object.entries(options).filter(([name, value]) => value !== null || !nullable.has(name)),
  );
  const fits = shape();
  return fits(given) ? null : (fits.errors?.map(schemaFault)[0] ?? null);
}
