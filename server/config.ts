import { AxonError } from './errors.ts';
import { isDeepStrictEqual } from 'node:util';
import { serverRootFault } from './cluster/terms/server-names.ts';
import { contextNameFault, groupPerContext, type PlannedGroup } from './cluster/terms/topology.ts';
import { resolveDcbContexts } from './options/context-options.ts';
import { findGroupFault, resolveGroups, type GroupOptions } from './options/group-options.ts';
import { contextPathFault, resolveContextPath } from './options/context-path.ts';
import { resolveFirstTokens } from './options/first-tokens.ts';
import { resolveNodeNames, type NodesOption } from './options/node-options.ts';
import { EVENT_STORAGE, snapshotStorageFault } from './options/snapshot-storage.ts';
import { refuse, refuseText, requireAmount, requireWhole } from './options/refuse.ts';
import { findShapeFault } from './options/simulator-options-schema.ts';
import { findTokenFault, tokenFault, type TokenOptions } from './options/token-options.ts';
import { editionFault, versionFault } from './options/release-faults.ts';
import { findUserFault, type UserOptions } from './options/user-options.ts';
import { editions, serverVersions, versionsOf, type Edition, type ServerVersion } from './versions/behaviours.ts';
import type { ContextIndexFormats } from './formats/index-format.ts';
import {
  indexFormatFault,
  missingJumpSkipFault,
  resolveIndexFormats,
  type IndexFormatOption,
} from './options/index-formats.ts';

/** What a simulator can be told; each has a default. Sizes in bytes, times in milliseconds. */
export interface SimulatorOptions {
  /** First node's port, the next nodes take the following ones; 0 for any free ports. */
  readonly port?: number;
  /** Address to bind; loopback unless told otherwise. */
  readonly host?: string;
  /** Cluster size, with nodes called node-1 and so on, or their names; 3, or what an existing data folder holds. */
  readonly nodes?: NodesOption;
  /** Contexts with an event store; those of the groups, what an existing data folder holds, or `default`. */
  readonly contexts?: readonly string[];
  /** Replication groups, each with its contexts and members; unless given, one for each context, with all nodes. */
  readonly groups?: readonly GroupOptions[];
  /** Where the nodes keep their files; null for a temporary folder that `close` removes. */
  readonly dataDir?: string | null;
  /** Transactions per virtual second and context that the workload writes; 0 for none. */
  readonly rate?: number;
  /** Bytes of the payload of each event of the workload; null for seeded sizes from 50 to 350. */
  readonly payloadBytes?: number | null;
  /** When the data folder has this many bytes, the workload pauses, and appends that are asked for fail. */
  readonly maxDiskBytes?: number;
  /** Same seed and same calls give byte-identical event, snapshot and log files. */
  readonly seed?: number;
  /** Virtual seconds per real second; 0 lets time stand still until it is moved. */
  readonly speed?: number;
  readonly serverVersion?: ServerVersion;
  /** Enterprise unless told otherwise; the standard one is one node with the context `default`, and no groups. */
  readonly edition?: Edition;
  readonly segmentSizeBytes?: number;
  readonly logSegmentSizeBytes?: number;
  /** Nodes whose event and snapshot segments have another size, by name: their boundaries differ from the others'. */
  readonly nodeSegmentSizeBytes?: Readonly<Record<string, number>>;
  /**
   * Where the event stores of a context begin, events and snapshots alike, by its name: decimal digits, since a number of
   * JSON is exact up to 2^53 alone. At 0 unless given; what lies in a data folder stays as it is.
   */
  readonly firstTokens?: Readonly<Record<string, string>>;
  /** Folder of each node for its snapshots, where they do not lie with the events: `snapshots`. What a data folder has it keeps. */
  readonly snapshotStorage?: string;
  /** By context, what lies beside closed segments; what the version has for contexts that are made there unless given. */
  readonly indexFormats?: Readonly<Record<string, IndexFormatOption>>;
  /**
   * Segment files that are being written keep their modification time while the page that is written to waits for the
   * disk, as memory-mapped ones do on ext4; else each write moves it.
   */
  readonly memoryMappedFiles?: boolean;
  /**
   * The server names its files as if its data folder were this one (`/axonserver`), in the layout of its images: `events`,
   * `log`, `data`, the zip beside them. By their own names unless given.
   */
  readonly serverRoot?: string | null;
  /** Where the server has such a name for them: events, snapshots, log, data and zips lie at unrelated places, as separate mounts do. */
  readonly mountsApart?: boolean;
  /** Below which every public path lies, as `/axonserver-1`; none unless given. `/_sim` and the live page stay at the root. */
  readonly contextPath?: string;
  /** Turns access control on; this token may do everything. */
  readonly token?: string | null;
  /** Turns access control on; each of these may do what its roles may. */
  readonly tokens?: readonly TokenOptions[];
  /** Turns access control on; each of these signs in by HTTP Basic, and may do what the roles may. */
  readonly users?: readonly UserOptions[];
  /**
   * Folders below which the nodes write backups of contexts with a dynamic consistency boundary, where POST /v2/backup says so;
   * nowhere unless given.
   */
  readonly dcbBackupFolders?: readonly string[];
}

export type ResolvedOptions = Required<Omit<SimulatorOptions, 'nodes' | 'groups' | 'firstTokens' | 'indexFormats'>> & {
  readonly nodes: number;
  readonly nodeNames: readonly string[];
  readonly indexFormats: ReadonlyMap<string, ContextIndexFormats>;
  readonly firstTokens: ReadonlyMap<string, bigint>;
  /** Contexts with a dynamic consistency boundary, when the cluster starts. */
  readonly dcbContexts: readonly string[];
  /** All groups, `_admin` first. */
  readonly groups: readonly PlannedGroup[];
};

/** What a data folder says of itself; a cluster that goes on with it cannot be of another shape. */
export interface DataFolderShape {
  readonly nodes: number;
  /** node-1 and so on unless given. */
  readonly nodeNames?: readonly string[];
  /** Folder of each node for its snapshots; that of events unless given. */
  readonly snapshotStorage?: string;
  readonly contexts: readonly string[];
  /** `_admin` among them. */
  readonly groups: readonly PlannedGroup[];
  /** Those with a dynamic consistency boundary; a folder from before there were such has none. */
  readonly dcbContexts?: readonly string[];
  /** What the stores of each context were made with, where that was noted. */
  readonly indexFormats?: Readonly<Record<string, ContextIndexFormats>>;
}

/** A log segment must hold the largest transaction that anybody may sensibly append. */
const SMALLEST_LOG_SEGMENT_BYTES = 1024;
const SMALLEST_SEGMENT_BYTES = 64;
const LARGEST_SEGMENT_BYTES = 2_147_483_647;

/** Fills in the defaults and checks every value; fails with `bad-option` and what would be right. */
export function resolveOptions(options: SimulatorOptions, existing: DataFolderShape | null): ResolvedOptions {
  const nodeNames = resolveNodeNames(nodesFor(options, existing));
  const placement = resolvePlacement(options, existing, nodeNames);
  const resolved: ResolvedOptions = {
    port: options.port ?? 8024,
    host: options.host ?? '127.0.0.1',
    nodes: nodeNames.length,
    nodeNames,
    ...placement,
    dataDir: options.dataDir ?? null,
    rate: options.rate ?? 1,
    payloadBytes: options.payloadBytes ?? null,
    maxDiskBytes: options.maxDiskBytes ?? 2 * 1024 ** 3,
    seed: options.seed ?? 1,
    speed: options.speed ?? 60,
    serverVersion: options.serverVersion ?? 'documented',
    edition: options.edition ?? 'enterprise',
    segmentSizeBytes: options.segmentSizeBytes ?? 1024 ** 2,
    logSegmentSizeBytes: options.logSegmentSizeBytes ?? 256 * 1024,
    nodeSegmentSizeBytes: options.nodeSegmentSizeBytes ?? {},
    firstTokens: resolveFirstTokens(options.firstTokens ?? {}, placement.contexts),
    indexFormats: resolveIndexFormats(options, placement.contexts, existing?.indexFormats),
    snapshotStorage: options.snapshotStorage ?? existing?.snapshotStorage ?? EVENT_STORAGE,
    memoryMappedFiles: options.memoryMappedFiles ?? false,
    serverRoot: options.serverRoot ?? null,
    mountsApart: options.mountsApart ?? false,
    contextPath: resolveContextPath(options.contextPath ?? ''),
    token: options.token ?? null,
    tokens: options.tokens ?? [],
    users: options.users ?? [],
    dcbContexts: resolveDcbContexts(options, existing === null ? null : (existing.dcbContexts ?? [])),
    dcbBackupFolders: options.dcbBackupFolders ?? [],
  };
  refuseText(indexFormatFault(options.indexFormats ?? {}, resolved.contexts));
  checkRanges(resolved);
  refuseText(versionFault(resolved));
  refuseText(editionFault(resolved, options.groups !== undefined));
  checkCredentials(resolved);
  if (existing !== null) checkHeld(resolved, existing);
  return resolved;
}

/** Fails with `bad-option` on what has not the shape of an option, whatever it may be worth. */
export function checkShape(options: unknown): void {
  refuse(findShapeFault(options));
}

/** Fails with `bad-option` where no simulator could start with these options in a folder of its own. */
export function checkOptions(options: SimulatorOptions): void {
  checkShape(options);
  resolveOptions(options, null);
}

function checkRanges(options: ResolvedOptions): void {
  requireWhole('port', options.port, 0, 65_535);
  requireWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER);
  requireWhole('segment size', options.segmentSizeBytes, SMALLEST_SEGMENT_BYTES, LARGEST_SEGMENT_BYTES);
  const known = options.nodeNames;
  for (const [node, size] of Object.entries(options.nodeSegmentSizeBytes)) {
    if (!known.includes(node)) {
      throw new AxonError('bad-option', `a segment size is given for "${node}"; there are ${known.join(', ')}`);
    }
    requireWhole(`segment size of ${node}`, size, SMALLEST_SEGMENT_BYTES, LARGEST_SEGMENT_BYTES);
  }
  requireWhole('log segment size', options.logSegmentSizeBytes, SMALLEST_LOG_SEGMENT_BYTES, LARGEST_SEGMENT_BYTES);
  requireWhole('max disk', options.maxDiskBytes, 0, Number.MAX_SAFE_INTEGER);
  if (options.payloadBytes !== null) requireWhole('payload bytes', options.payloadBytes, 0, 1024 ** 2);
  requireAmount('rate', options.rate, 10_000);
  requireAmount('speed', options.speed, 1_000_000);
  if (options.port !== 0 && options.port + options.nodes - 1 > 65_535) {
    throw new AxonError('bad-option', `port ${options.port}: the last of ${options.nodes} nodes has no port left`);
  }
  if (!serverVersions.includes(options.serverVersion)) {
    const there = serverVersions.join(', ');
    throw new AxonError('bad-option', `there is no server version "${options.serverVersion}"; there are ${there}`);
  }
  if (!editions.includes(options.edition)) {
    throw new AxonError('bad-option', `there is no edition "${options.edition}"; there are ${editions.join(', ')}`);
  }
  if (!versionsOf(options.edition).includes(options.serverVersion)) {
    const there = versionsOf(options.edition).join(', ');
    throw new AxonError(
      'bad-option',
      `the ${options.edition} edition is not known of ${options.serverVersion}; there are ${there}`,
    );
  }
  if (options.dataDir === '')
    throw new AxonError('bad-option', 'the data folder has no name: leave it out for a temporary one');
  refuseText(snapshotStorageFault(options.snapshotStorage));
  refuseText(contextPathFault(options.contextPath));
  refuseText(missingJumpSkipFault(options.indexFormats, options));
  if (options.host === '') throw new AxonError('bad-option', 'the host is empty: leave it out for 127.0.0.1');
  const rootFault = options.serverRoot === null ? null : serverRootFault(options.serverRoot);
  if (rootFault !== null) throw new AxonError('bad-option', rootFault);
  if (options.mountsApart && options.serverRoot === null)
    throw new AxonError('bad-option', 'mountsApart: there is nothing to mount where the server has no serverRoot');
}

/** A number that fits an existing folder stands for the names there. */
function nodesFor({ nodes, edition }: SimulatorOptions, existing: DataFolderShape | null): NodesOption {
  const held = existing?.nodeNames ?? existing?.nodes;
  if (nodes === undefined) return held ?? (edition === 'standard' ? 1 : 3);
  return nodes === existing?.nodes ? (held ?? nodes) : nodes;
}

/** Contexts follow from groups, and groups from contexts; where neither is given, both from what is there already. */
function resolvePlacement(
  { groups, contexts }: SimulatorOptions,
  existing: DataFolderShape | null,
  nodeNames: readonly string[],
): Pick<ResolvedOptions, 'contexts' | 'groups'> {
  if (groups !== undefined) {
    refuse(findGroupFault(groups, nodeNames));
    const resolved = resolveGroups(groups, nodeNames);
    const found = resolved.flatMap((group) => group.contexts);
    if (contexts !== undefined && contexts.toSorted().join(',') !== found.toSorted().join(',')) {
      const message = `the groups hold ${found.join(', ')}: leave out the contexts, which follow from the groups`;
      throw new AxonError('bad-option', message);
    }
    return { contexts: found, groups: resolved };
  }
  if (existing !== null && (contexts === undefined || contexts.join(',') === existing.contexts.join(','))) {
    return { contexts: existing.contexts, groups: existing.groups };
  }
  const named = contexts ?? ['default'];
  checkContexts(named);
  return { contexts: named, groups: groupPerContext(nodeNames, named) };
}

function checkContexts(contexts: readonly string[]): void {
  if (contexts.length === 0) throw new AxonError('bad-option', 'there must be at least one context');
  for (const [place, context] of contexts.entries()) {
    const fault = contextNameFault(context);
    if (fault !== null) throw new AxonError('bad-option', fault);
    if (contexts.indexOf(context) !== place) throw new AxonError('bad-option', `context "${context}" is named twice`);
  }
}

function checkCredentials({ token, tokens, users, contexts }: ResolvedOptions): void {
  const fault = token === null ? null : tokenFault(token);
  if (fault !== null) throw new AxonError('bad-option', fault);
  refuse(findTokenFault(tokens, contexts, token));
  refuse(findUserFault(users, contexts));
}

function checkHeld(options: ResolvedOptions, existing: DataFolderShape): void {
  const contexts = existing.contexts.join(',');
  const { nodeNames, snapshotStorage = EVENT_STORAGE } = existing;
  if (nodeNames !== undefined && options.nodes === existing.nodes && !isDeepStrictEqual(nodeNames, options.nodeNames)) {
    refuseText(
      `the data folder holds nodes called ${nodeNames.join(', ')}: leave their names out, or name another folder`,
    );
  }
  if (options.snapshotStorage !== snapshotStorage) {
    refuseText(`the data folder has its snapshots in ${snapshotStorage}: leave out where, or name another folder`);
  }
  const isSameSize = options.nodes === existing.nodes && options.contexts.join(',') === contexts;
  if (isSameSize && isDeepStrictEqual(options.groups, existing.groups)) return;
  throw new AxonError(
    'bad-option',
    isSameSize
      ? 'the data folder holds other replication groups, or other members in them: leave the groups out, or name another folder'
      : `the data folder holds ${existing.nodes} nodes and the contexts ${contexts}: leave out --nodes and --contexts, or name another folder`,
  );
}
