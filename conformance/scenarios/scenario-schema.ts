import type { Static, TObject } from 'typebox';
import type { GroupOptions, TokenOptions } from '../../server/index.ts';
import {
  FaultShape,
  GroupShape,
  IndexFormatsShape,
  NodesShape,
  SnapshotStorageShape,
  TokenShape,
  Type,
} from '../../server/shapes.ts';

/*
 * What a scenario is made of, as one schema: the types of scenario.ts are taken from it, scenario files are held against
 * it, and schema/scenario.schema.json is this very schema, for editors; a test holds the two together.
 */

const closed = { additionalProperties: false };

/** One of several objects that `kind` tells apart: what is wrong is then said of the one that is meant. */
function oneOfKinds<Objects extends readonly TObject[]>(objects: Objects): Unsafe<Static<Objects[number]>> {
  return Type.Unsafe<Static<Objects[number]>>({
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: objects,
  });
}
type Unsafe<Value> = ReturnType<typeof Type.Unsafe<Value>>;

const Duration = Type.String({ description: 'virtual time: 90s, 31m, 2h, 1h30m' });
const Node = Type.String({ description: 'node-1, node-2 and so on' });
const Context = Type.Optional(Type.String({ description: 'default unless given' }));
const Kind = Type.Optional(Type.Enum(['EVENT', 'SNAPSHOT'], { description: 'EVENT unless given' }));
const EventToken = Type.Integer({ minimum: 0 });
const Count = (maximum: number): ReturnType<typeof Type.Integer> => Type.Integer({ minimum: 1, maximum });
const Bytes = Type.Optional(Type.Integer({ minimum: 1 }));

const actions = [
  Type.Object(
    { kind: Type.Literal('advance'), by: Duration },
    { ...closed, description: 'Time passes: the cluster writes, rolls, closes and cleans as it does.' },
  ),
  Type.Object(
    {
      kind: Type.Literal('append'),
      context: Context,
      type: Kind,
      transactions: Count(1_000_000),
      eventsPerTransaction: Type.Optional(Count(10_000)),
      payloadBytes: Type.Optional(Type.Integer({ minimum: 0, maximum: 64 * 1024 ** 2 })),
    },
    { ...closed, description: 'An application writes.' },
  ),
  Type.Object(
    { kind: Type.Literal('roll'), context: Context, type: Kind },
    { ...closed, description: 'The open segment is full: the next one begins.' },
  ),
  Type.Object(
    { kind: Type.Literal('transform'), context: Context, firstToken: EventToken, lastToken: EventToken },
    { ...closed, description: 'Deletes the events with these tokens: their segments get a version (2023.2).' },
  ),
  Type.Object(
    { kind: Type.Literal('compact'), context: Context },
    { ...closed, description: 'Deletes the versions of segments that are not current (2023.2).' },
  ),
  Type.Object(
    { kind: Type.Literal('migrate-to-dcb'), context: Type.String() },
    { ...closed, description: 'A plain context becomes one with a dynamic consistency boundary (2026.0).' },
  ),
  Type.Object(
    {
      kind: Type.Literal('clean-log'),
      node: Node,
      group: Type.String({ description: 'a replication group, or _admin' }),
      olderThan: Type.Optional(Duration),
    },
    { ...closed, description: 'Deletes closed log segments that are older, 0s unless given.' },
  ),
  Type.Object(
    { kind: Type.Enum(['stop', 'start', 'crash']), node: Node },
    { ...closed, description: 'A node goes down in order, comes up, or is gone from one moment to the next.' },
  ),
  Type.Object(
    { kind: Type.Literal('delay-replication'), node: Node, by: Duration },
    { ...closed, description: 'From here on the node gets what its leaders write that much later.' },
  ),
  Type.Object(
    { kind: Type.Literal('stall-apply'), node: Node, for: Duration },
    { ...closed, description: 'From here on the node applies nothing of its log for so long; `0s` ends it.' },
  ),
  Type.Object(
    { kind: Type.Literal('plan-faults'), rules: Type.Array(FaultShape) },
    { ...closed, description: 'Requests that these rules match are struck from here on, as with /_sim/faults.' },
  ),
  Type.Object({ kind: Type.Literal('clear-faults') }, { ...closed, description: 'No request is struck any more.' }),
  Type.Object(
    { kind: Type.Literal('hide-segment'), node: Node, context: Context, type: Kind },
    {
      ...closed,
      description: 'The newest closed segment of a store cannot be read from here on, though it is listed.',
    },
  ),
  Type.Object({ kind: Type.Literal('show-segments') }, { ...closed, description: 'All segments can be read again.' }),
  Type.Object(
    {
      kind: Type.Literal('kill-client'),
      signal: Type.Optional(
        Type.Literal('SIGTERM', { description: 'it is asked to end, as a job is that is stopped, and has 5 s for it' }),
      ),
    },
    { ...closed, description: 'The client dies at once.' },
  ),
] as const;

/** Something that happens to the cluster, or to the client. */
export const Action = oneOfKinds(actions);

export const Happening = oneOfKinds([
  ...actions,
  Type.Object(
    { kind: Type.Literal('run-beside') },
    {
      ...closed,
      description:
        'Another run of the client, on the same folders, begins and ends while this one waits for its answer; once in a run.',
    },
  ),
]);

export const Moment = Type.Object(
  {
    method: Type.Optional(Type.String({ description: 'GET, POST; any unless given' })),
    path: Type.String({
      description: 'the path of the request, exactly, or with * at its end for whatever follows: /v1/backup/*',
    }),
    query: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'parameters that must be there; however their values are spelt: `Event` is EVENT',
      }),
    ),
    nth: Type.Optional(Type.Integer({ minimum: 1, description: 'of those that match; 1 unless given' })),
    when: Type.Enum(['arrives', 'is-answered'], {
      description:
        'before the request is answered; or after its answer, a good one, is made and before the client has it',
    }),
  },
  { ...closed, description: 'Which request of a run sets something off.' },
);

export const Surprise = Type.Object(
  { at: Moment, happens: Type.Array(Happening, { minItems: 1 }) },
  { ...closed, description: 'Something that happens while a run is under way.' },
);

export const Run = Type.Object(
  {
    kind: Type.Literal('run'),
    node: Type.Optional(Type.String({ description: 'whose URL the client gets; the first node unless given' })),
    token: Type.Optional(
      Type.String({ description: 'that it gets, where access control is on; the right one unless given' }),
    ),
    surprises: Type.Optional(Type.Array(Surprise)),
    unmounted: Type.Optional(
      Type.Array(Type.Enum(['events', 'snapshots', 'log', 'data', 'zip']), {
        description:
          "with a server root: what is in no mount in this run, but in the own layer of the server's container",
      }),
    ),
    fileLimitBytes: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'no file that the client writes in this run can have more bytes: a copy of a larger one breaks off in the middle',
      }),
    ),
  },
  { ...closed, description: 'The client runs, once.' },
);

export const Step = oneOfKinds([...actions, Run]);

export const ClusterOfScenario = Type.Object(
  {
    nodes: Type.Optional(NodesShape),
    snapshotStorage: Type.Optional(SnapshotStorageShape),
    contexts: Type.Optional(Type.Array(Type.String(), { minItems: 1, description: '`default` alone unless given' })),
    groups: Type.Optional(
      Type.Array(Type.Unsafe<GroupOptions>(GroupShape), {
        description: 'replication groups, where they are not one for each context with all nodes',
      }),
    ),
    rate: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 10_000,
        description: 'transactions that are written each virtual second; 1 unless given',
      }),
    ),
    segmentSizeBytes: Bytes,
    logSegmentSizeBytes: Bytes,
    memoryMappedFiles: Type.Optional(
      Type.Boolean({
        description: 'bytes of files that are being written change for half a minute while their size and time do not',
      }),
    ),
    firstTokens: Type.Optional(
      Type.Record(Type.String(), Type.String({ pattern: String.raw`^\d{1,19}$` }), {
        description: 'where the stores of a context begin, by its name: decimal digits; at 0 unless given',
      }),
    ),
    serverRoot: Type.Optional(
      Type.String({
        description:
          'the server names its files as if its data folder were this one; the client is told by AXONSERVER_PATH_MAP where they lie',
      }),
    ),
    indexFormats: Type.Optional(IndexFormatsShape),
    contextPath: Type.Optional(
      Type.String({ description: 'below which every public path lies, as /axonserver-1; none unless given' }),
    ),
    token: Type.Optional(
      Type.String({ description: 'turns access control on; the client gets this token, which may do everything' }),
    ),
    tokens: Type.Optional(
      Type.Array(Type.Unsafe<TokenOptions>(TokenShape), { description: 'tokens that may do less' }),
    ),
    nodeSegmentSizeBytes: Type.Optional(
      Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
        description: 'nodes whose event segments have another size, by name: their boundaries differ',
      }),
    ),
  },
  closed,
);

export const Pace = Type.Object(
  {
    requestMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 86_400_000, description: 'for each request; 100 ms unless given' }),
    ),
    copiedBytesPerSecond: Type.Optional(
      Type.Integer({ minimum: 1, description: 'for each virtual second; 16 MiB unless given' }),
    ),
  },
  { ...closed, description: 'How much virtual time passes with what the client does.' },
);
