import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from '../../schema-type.ts';
import type { Behaviour } from '../../versions/behaviours.ts';
import { mountsOf, serverNameOf, type Mount } from '../../cluster/terms/server-names.ts';
import { AxonError } from '../../errors.ts';
import type { EventType } from '../../formats/log-entry-data.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import type { EventStore } from '../../stores/event-store.ts';
import { registerDcbBackupRoutes } from './dcb-backup-routes.ts';
import { FrameworkError, sendJson, sendNegotiatedText } from '../answers/error-bodies.ts';
import { parseJavaNumber } from '../asked/java-number.ts';
import { encodePaths, ListedNames } from './listed-names.ts';
import { listActiveSegments, listClosedSegments, listLogSegments, type ListingCursor } from './listing.ts';
import { formatFolder } from '../asked/path-form.ts';
import { joinRepeated, type Parameters } from '../asked/query-parameters.ts';
import { parseType, spellingsOf, viewNotFound } from './type-parameter.ts';

/** Tags of the Swagger page: the controllers' names from the manual. */
const backupTags = {
  info: 'Backup Info Rest Controller',
  log: 'Backup Log Files Rest Controller',
} as const;

/** The backup endpoints of one node (docs/backup-endpoints.md, section 1). */
export function registerBackupRoutes(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  registerControlDbBackup(app, simulation, nodeName);
  registerFilenames(app, simulation, nodeName);
  if (simulation.behaviour.hasEventStoreListing) registerEventStore(app, simulation, nodeName);
  if (simulation.behaviour.hasLogListing) registerLogFilenames(app, simulation, nodeName);
  if (simulation.behaviour.hasDcb) registerDcbBackupRoutes(app, simulation, nodeName);
}

function registerControlDbBackup(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const schema = {
    tags: [backupTags.info],
    summary: 'Create a backup of the control database',
    description: `Writes controldb<epochMillis>.zip and answers with its absolute path as bare text. Log cleaning on this node ${simulation.behaviour.cleaningAfterPost}.`,
  };
  const handler = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    // The same unquoted text under every type, as the server does (section 1.3).
    return sendNegotiatedText(request, reply, createControlDbBackup(simulation, nodeName), simulation.behaviour);
  };
  const { hasControlDbPath, hasRootControlDbPath } = simulation.behaviour;
  if (hasControlDbPath) app.post('/v1/backup/createControlDbBackup', { schema }, handler);
  if (hasRootControlDbPath) app.post('/createControlDbBackup', { schema }, handler);
}

/** A disk that refuses is, on the real server, its database's failure, which has no code of its own (section 1.5). */
function createControlDbBackup(simulation: Simulation, nodeName: string): string {
  try {
    const file = simulation.cluster.node(nodeName).createControlDbBackup();
    return `${folderAt(simulation, nodeName, path.dirname(file), 'zipPath')}/${path.basename(file)}`;
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    const message = inServerNames(simulation, nodeName, error.message);
    if (error.kind === 'data-file-write') throw new FrameworkError(500, message, { cause: error });
    throw message === error.message ? error : new AxonError(error.kind, message, { cause: error });
  }
}

function registerFilenames(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const { behaviour } = simulation;
  const preValidation = joinParameters(simulation);
  const querystring = Type.Object({
    context: Type.String({ default: 'default', description: 'name of the context' }),
    type: typeSchema(simulation),
    lastSegmentBackedUp: cursorSchema('the highest closed segment that is safe; -1 or nothing for all'),
    ...(behaviour.hasSegmentVersions ? { lastVersionBackedUp: versionSchema } : {}),
  });
  const schema = {
    tags: [backupTags.info],
    summary: 'List the files of closed event or snapshot segments',
    description: 'Absolute paths of data, index and bloom files above the cursor. The open segment is never listed.',
    querystring,
  };
  app.get<{ Querystring: ListingQuery }>('/v1/backup/filenames', { schema, preValidation }, (request, reply) => {
    const context = nameOrDefault(request.query.context);
    const cursor = parseCursor(request.query, 'lastSegmentBackedUp', 'lastVersionBackedUp', behaviour);
    const type = parseType(request.query.type, 'filenames', behaviour);
    const store = storeOf(simulation, nodeName, context, type);
    requirePullable(simulation, context);
    // An unknown context cannot be told from one with nothing new (section 1.5).
    if (store === null) return sendJson(request, reply, '[]', behaviour);
    const names = listClosedSegments(store, cursor, behaviour);
    request.listedFiles = names.length;
    const folder = folderAt(simulation, nodeName, store.folder, 'closedPaths');
    return sendJson(request, reply, encodePaths({ folder, names }), behaviour);
  });
}

function registerEventStore(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const { behaviour } = simulation;
  const preValidation = joinParameters(simulation);
  const querystring = Type.Object({
    targetContext: Type.String({ default: 'default', description: 'name of the context' }),
    type: typeSchema(simulation),
    lastClosedSegmentBackedUp: cursorSchema('lastClosedSegment of the answer to the last backup'),
    ...(behaviour.hasSegmentVersions ? { lastClosedVersionBackedUp: versionSchema } : {}),
  });
  const schema = {
    tags: [backupTags.info],
    summary: 'List the files of event or snapshot segments, the open one too',
    description: 'lastClosedSegment is the cursor for the next backup; active files are listed whatever the cursor is.',
    querystring,
  };
  app.get<{ Querystring: EventStoreQuery }>('/v1/backup/eventstore', { schema, preValidation }, (request, reply) => {
    const targetContext = nameOrDefault(request.query.targetContext);
    const cursor = parseCursor(request.query, 'lastClosedSegmentBackedUp', 'lastClosedVersionBackedUp', behaviour);
    const type = parseType(request.query.type, 'eventstore', behaviour);
    const store = storeOf(simulation, nodeName, targetContext, type);
    requirePullable(simulation, targetContext);
    if (store === null) {
      throw new AxonError('no-event-store', `Missing worker for context: ${targetContext}`);
    }
    const closed = listClosedSegments(store, cursor, behaviour);
    const active = listActiveSegments(store);
    request.listedFiles = closed.length + active.length;
    const closedListing = { folder: folderAt(simulation, nodeName, store.folder, 'closedPaths'), names: closed };
    const activeListing = {
      folder: folderAt(simulation, nodeName, store.folder, 'activePaths'),
      names: ListedNames.of(behaviour.listsActiveFirst ? active.toReversed() : active),
    };
    const filenames = behaviour.listsActiveFirst
      ? encodePaths(activeListing, closedListing)
      : encodePaths(closedListing, activeListing);
    const start = Buffer.from(`{"lastClosedSegment":${store.lastClosedSegment},"filenames":`);
    return sendJson(request, reply, Buffer.concat([start, filenames, Buffer.from('}')]), behaviour);
  });
}

function registerLogFilenames(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const preValidation = joinParameters(simulation);
  const querystring = Type.Object({
    context: Type.String({ default: 'default', description: 'name of the replication group' }),
  });
  const schema = {
    tags: [backupTags.log],
    summary: 'List the files of the replication log of a group',
    description:
      'Absolute paths. Copy them all within 30 minutes of the control database backup, and replace the last copy.',
    querystring,
  };
  app.get<{ Querystring: { readonly context?: string } }>(
    '/v1/backup/log/filenames',
    { schema, preValidation },
    (request, reply) => {
      const context = nameOrDefault(request.query.context);
      const member = simulation.cluster.node(nodeName).members.get(context);
      if (member === undefined)
        throw new AxonError('unknown-log', `This node has no log of a replication group "${context}"`);
      const names = listLogSegments(member.log, simulation.behaviour);
      request.listedFiles = names.length;
      // Not canonical, and without a dot: the setting is `log`, while that of events is `./data` (section 3.1).
      const folder = nameAt(simulation, nodeName, member.log.folder);
      return sendJson(request, reply, encodePaths({ folder, names: ListedNames.of(names) }), simulation.behaviour);
    },
  );
}

interface ListingQuery {
  readonly context?: string;
  readonly type: string;
  readonly lastSegmentBackedUp?: string;
  readonly lastVersionBackedUp?: string;
}

interface EventStoreQuery {
  readonly targetContext?: string;
  readonly type: string;
  readonly lastClosedSegmentBackedUp?: string;
  readonly lastClosedVersionBackedUp?: string;
}

function typeSchema({ behaviour }: Simulation): ReturnType<typeof Type.String> {
  // No enum: what a bad value is answered with is the release's affair.
  return Type.String({ description: 'EVENT or SNAPSHOT', examples: spellingsOf(behaviour) });
}

function cursorSchema(description: string): ReturnType<typeof Type.Optional> {
  return Type.Optional(Type.String({ description: `a 64-bit number: ${description}` }));
}

const versionSchema = Type.Optional(
  Type.String({ description: 'a 32-bit number: the highest version of a segment that is safe; 0 or nothing for none' }),
);

/** How this release names a folder of the node, in what it lists. */
function folderAt(
  simulation: Simulation,
  nodeName: string,
  folder: string,
  what: 'closedPaths' | 'activePaths' | 'zipPath',
): string {
  const { data } = simulation.cluster.node(nodeName).folders;
  const { serverRoot } = simulation.options;
  const form = simulation.behaviour[what];
  if (serverRoot === null) return formatFolder(data, folder, form, (each) => simulation.resolveLinks(each));
  // Nothing in an image is a link.
  return formatFolder(serverRoot, nameAt(simulation, nodeName, folder), form, (named) => named);
}

/** The server's own name of a folder. */
function nameAt(simulation: Simulation, nodeName: string, folder: string): string {
  return serverNameOf(mountsAt(simulation, nodeName), folder);
}

function inServerNames(simulation: Simulation, nodeName: string, message: string): string {
  return mountsAt(simulation, nodeName).reduce((text, { server, local }) => text.replaceAll(local, server), message);
}

/** None where the server calls its files what they are called. */
function mountsAt(simulation: Simulation, nodeName: string): readonly Mount[] {
  const { serverRoot } = simulation.options;
  return serverRoot === null ? [] : mountsOf(simulation.cluster.node(nodeName).folders, serverRoot);
}

/** For the server's framework an empty parameter is one that is not there, where there is a default. */
function nameOrDefault(name: string | undefined): string {
  return name === undefined || name === '' ? 'default' : name;
}

/** A release without versions does not read the second of the two parameters. */
function parseCursor<Name extends string>(
  query: { readonly [Each in Name]?: string },
  segment: Name,
  version: Name,
  behaviour: Behaviour,
): ListingCursor {
  return {
    segment: parseNumber(segment, query[segment], 64, behaviour) ?? -1n,
    version: behaviour.hasSegmentVersions ? Number(parseNumber(version, query[version], 32, behaviour) ?? 0n) : 0,
  };
}

/**
 * Null for an empty number: that is the default (section 1.2). One beyond its bits is none at all. Numbers are looked at
 * before the type is, since the framework reads them and the controller that.
 */
function parseNumber(name: string, text = '', bits: 32 | 64, { badNumberAnswer }: Behaviour): bigint | null {
  if (text === '') return null;
  const parsed = parseJavaNumber(text, bits);
  if ('number' in parsed) return parsed.number;
  if (badNumberAnswer === '500 of the framework') {
    const wanted = `Failed to convert value of type 'java.lang.String' to required type '${bits === 64 ? 'long' : 'int'}'`;
    const cause = `java.lang.NumberFormatException: For input string: "${parsed.refused}"`;
    throw viewNotFound(`${wanted}; nested exception is ${cause}`);
  }
  throw new FrameworkError(400, `${name}=${text} is not a ${bits}-bit number`);
}

function storeOf(simulation: Simulation, nodeName: string, context: string, type: EventType): EventStore | null {
  for (const member of simulation.cluster.node(nodeName).members.values()) {
    const stores = member.contexts.get(context);
    if (stores !== undefined) return stores[type].store;
  }
  return null;
}

/** What a real server says is not public (docs/newer-versions.md, section 2): ours says what to do instead. */
function requirePullable({ cluster }: Simulation, context: string): void {
  if (!cluster.dcb.has(context)) return;
  const way = 'POST /v2/backup has the server write a backup of it';
  throw new AxonError('other', `${context} has a dynamic consistency boundary, its files are not to be copied: ${way}`);
}

const numberParameters: ReadonlySet<string> = new Set([
  'lastSegmentBackedUp',
  'lastVersionBackedUp',
  'lastClosedSegmentBackedUp',
  'lastClosedVersionBackedUp',
]);

/** Before the schema looks at the parameters: it knows each of them once. */
function joinParameters({ behaviour }: Simulation): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    request.query = joinRepeated(request.query as Parameters, numberParameters, behaviour);
  };
}
