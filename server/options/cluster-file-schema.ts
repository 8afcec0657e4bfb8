import { Type, type Static } from '../schema-type.ts';
import { accessRoles } from '../access-functions.ts';
import { indexFormats } from '../formats/index-format.ts';
import type { IndexFormatOption } from './index-formats.ts';
import { roleTraits } from '../cluster/terms/roles.ts';
import { MOST_NODES } from './node-options.ts';

/*
 * The cluster file of `serve --cluster`. schema/cluster.schema.json is this very schema, for editors; a test holds the
 * two together.
 */

const closed = { additionalProperties: false };

const Size = Type.Unsafe<number | string>({
  type: ['integer', 'string'],
  minimum: 1,
  description: 'a size with its unit, or a number of bytes: 512KiB, 1MiB',
});

const Member = Type.Object(
  {
    node: Type.String({ description: 'node-1, node-2 and so on, or what it is called' }),
    role: Type.Optional(
      Type.Enum(Object.keys(roleTraits) as (keyof typeof roleTraits)[], { description: 'PRIMARY unless given' }),
    ),
  },
  closed,
);

const Context = Type.Unsafe<string | { name: string; dcb?: boolean }>({
  type: ['string', 'object'],
  required: ['name'],
  properties: {
    name: Type.String(),
    dcb: Type.Boolean({
      description: 'true for one with a dynamic consistency boundary (2025.2, 2026.0); a plain one unless given',
    }),
  },
  ...closed,
  description: 'its name, or an object with its name',
});

const Format = Type.Optional(Type.Enum([...indexFormats]));

/** What lies beside closed segments of contexts, by their names, as options of any kind have it. */
export const IndexFormats = Type.Record(
  Type.String(),
  Type.Unsafe<IndexFormatOption>({
    type: ['string', 'object'],
    if: { type: 'string' },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema, which nobody awaits
    then: { enum: [...indexFormats] },
    else: Type.Object({ event: Format, snapshot: Format }, closed),
  }),
  {
    description:
      'contexts whose closed segments have other index files than the version makes for new ones: JUMP_SKIP_INDEX from 4.5 on, BLOOM_FILTER_INDEX; of events and snapshots alike, or { event, snapshot }',
  },
);

/** How many nodes, or their names, as options of any kind have it. */
export const Nodes = Type.Unsafe<number | readonly string[]>({
  type: ['integer', 'array'],
  minimum: 1,
  maximum: MOST_NODES,
  minItems: 1,
  maxItems: MOST_NODES,
  items: { type: 'string' },
  description: 'cluster size: node-1, node-2 and so on; or the names of the nodes, which may have blanks in them',
});

/** Where snapshots lie, as options of any kind have it. */
export const SnapshotStorage = Type.String({
  description:
    'folder of each node for its snapshots, as in snapshots; they lie with the events, in events, unless given',
});

/** A replication group, as options of any kind have it. */
export const Group = Type.Object(
  {
    name: Type.String({ description: '_admin, where it is not to have every node, or a name of its own' }),
    contexts: Type.Optional(Type.Array(Context, { description: 'the contexts that lie in the group; none in _admin' })),
    members: Type.Optional(
      Type.Array(Member, { minItems: 1, description: 'the nodes that take part in it; every node unless given' }),
    ),
  },
  closed,
);

const Roles = Type.Array(
  Type.Object(
    {
      context: Type.String({ description: 'one of the contexts, or _admin' }),
      role: Type.Enum(Object.keys(accessRoles) as (keyof typeof accessRoles)[]),
    },
    closed,
  ),
);

/** A token that may do what its roles may. */
export const Token = Type.Object(
  { token: Type.String({ description: 'what clients send in the header AxonIQ-Access-Token' }), roles: Roles },
  closed,
);

const User = Type.Object(
  { name: Type.String({ description: 'as in HTTP Basic' }), password: Type.String(), roles: Roles },
  closed,
);

export const ClusterFile = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'for editors' })),
    nodes: Nodes,
    groups: Type.Array(Group, {
      minItems: 1,
      description: 'replication groups; _admin is there in any case, with every node unless it is named',
    }),
    nodeSegmentSizes: Type.Optional(
      Type.Record(Type.String(), Size, {
        description: 'nodes whose event and snapshot segments have another size, so that their boundaries differ',
      }),
    ),
    snapshotStorage: Type.Optional(SnapshotStorage),
    indexFormats: Type.Optional(IndexFormats),
    contextPath: Type.Optional(
      Type.String({ description: 'below which every public path lies, as /axonserver-1; none unless given' }),
    ),
    token: Type.Optional(Type.String({ description: 'turns access control on; this token may do everything' })),
    tokens: Type.Optional(
      Type.Array(Token, { description: 'turns access control on; each of these may do what its roles may' }),
    ),
    users: Type.Optional(
      Type.Array(User, {
        description: 'turns access control on; each signs in by HTTP Basic and may do what the roles may',
      }),
    ),
  },
  {
    ...closed,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:axon-backup-kit:cluster:1',
    title: 'A cluster for axon-backup-kit serve --cluster',
  },
);
export type ClusterFile = Static<typeof ClusterFile>;
