import { decodeEventMessage } from '../../../server/formats/event-message.ts';
import { decodeTransactionAt, END_MARKER, SEGMENT_HEADER_BYTES } from '../../../server/formats/event-segment.ts';
import {
  decodeLeaderElected,
  decodeNewConfiguration,
  decodeSerializedEntry,
} from '../../../server/formats/log-entry-data.ts';
import { isLogIndex } from '../../../server/formats/log-index.ts';
import { LOG_ENTRY_OVERHEAD_BYTES, LOG_HEADER_BYTES, logEntryTypes } from '../../../server/formats/log-segment.ts';
import { isSegmentIndex } from '../../../server/formats/segment-index.ts';
import { LOG_INDEX_SUFFIX } from '../../../server/formats/segment-name.ts';
import type { EventType } from '../../../server/index.ts';
import { parseBackupName, typeOfSuffix, type SegmentFileName } from './backup-name.ts';

/** What the name and the bytes of one file tell by themselves. */
export type Traits =
  | {
      readonly kind: 'data';
      readonly type: EventType;
      readonly name: SegmentFileName;
      /** As the first event says it; null where there is none, or it does not say. */
      readonly context: string | null;
      /** Token behind the last event; null where the bytes do not lead there. Of a large file it is looked for when it is asked for. */
      readonly nextToken: () => bigint | null;
    }
  | { readonly kind: 'log'; readonly name: SegmentFileName; readonly log: LogTraits }
  | {
      readonly kind: 'companion';
      readonly name: SegmentFileName;
      /** False where the bytes do not tell, as those of real servers do not. */
      readonly isIndexOfEvents: boolean;
    }
  | { readonly kind: 'log-index' | 'control-db-zip' | 'control-db-live' | 'other' };

/** What the entries of a log segment tell of their group. */
export interface LogTraits {
  /** The group itself, where they say it. */
  readonly group: string | null;
  /** Contexts of the group, where they have other names. */
  readonly contexts: readonly string[];
  /** Ids of its members, which no other group has. */
  readonly nodeIds: readonly string[];
  /** What a segment of `_admin` says of other groups: context → group. */
  readonly groupOfContext: ReadonlyMap<string, string>;
}

const ADMIN_GROUP = '_admin';
const OVERHEAD_BYTES = 11;
/** Entries that are read into: the group shows early, or not at all. */
const MOST_ENTRIES = 400;

/** Reads what a file tells; `bytes` may be but the beginning of a large one. Never fails: damage tells nothing. */
export function readTraits(name: string, bytes: Buffer): Traits {
  const parsed = parseBackupName(name);
  if (parsed !== null) {
    if (parsed.suffix === '.log') return { kind: 'log', name: parsed, log: readLogTraits(bytes) };
    if (parsed.suffix === LOG_INDEX_SUFFIX && isLogIndex(bytes)) return { kind: 'log-index' };
    if (parsed.suffix !== '.events' && parsed.suffix !== '.snapshots') {
      return { kind: 'companion', name: parsed, isIndexOfEvents: isSegmentIndex(bytes) };
    }
    const type = typeOfSuffix(parsed.suffix) ?? 'EVENT';
    return {
      kind: 'data',
      type,
      name: parsed,
      context: readContext(bytes),
      nextToken: asToken(findNextToken(bytes, parsed.number)),
    };
  }
  if (looksLikeDatabase(name, bytes)) return { kind: 'control-db-live' };
  return { kind: 'other' };
}

function asToken(token: bigint | null): () => bigint | null {
  return () => token;
}

/** A live database file, by name or bytes; or what has the name of a backup of it and is no zip. */
function looksLikeDatabase(name: string, bytes: Buffer): boolean {
  if (/^axonserver-con(?:trol|fig)db\.mv\.db$/.test(name)) return true;
  if (beginsAsDatabase(bytes)) return true;
  return /^controldb\d+\.zip$/.test(name) && bytes.toString('latin1', 0, 2) !== 'PK';
}

/** True for the file of a database itself: one of ours, or of a real server. */
export function beginsAsDatabase(bytes: Buffer): boolean {
  return /^(?:SQLite format 3|H:2,)/.test(bytes.toString('latin1', 0, 15));
}

/** Events made by the simulator say whose they are (server/cluster/writes/synthetic-events.ts). */
function readContext(bytes: Buffer): string | null {
  try {
    if (bytes.length < SEGMENT_HEADER_BYTES + 4 || bytes.readInt32BE(SEGMENT_HEADER_BYTES) <= 0) return null;
    return contextOf(decodeTransactionAt(bytes, SEGMENT_HEADER_BYTES, 0n).events[0]);
  } catch {
    return null;
  }
}

function contextOf(event: Buffer | undefined): string | null {
  if (event === undefined) return null;
  const found = decodeEventMessage(event).metaData.find(([key]) => key === 'context')?.[1];
  return found?.kind === 'text' ? found.value : null;
}

/** Token behind the last event of a segment, found from size to size without a look at the events; null where they lead astray. */
export function findNextToken(bytes: Buffer, firstToken: bigint): bigint | null {
  let token = firstToken;
  for (let at = SEGMENT_HEADER_BYTES; at + 4 <= bytes.length;) {
    const sizeBytes = bytes.readInt32BE(at);
    if (sizeBytes === 0 || sizeBytes === END_MARKER) return token;
    if (sizeBytes < 0 || at + OVERHEAD_BYTES + sizeBytes > bytes.length) return null;
    token += BigInt(Math.max(0, bytes.readInt16BE(at + 5)));
    at += OVERHEAD_BYTES + sizeBytes;
  }
  return null;
}

function readLogTraits(bytes: Buffer): LogTraits {
  const notes = { group: null as string | null, contexts: new Set<string>(), nodeIds: new Set<string>() };
  const groupOfContext = new Map<string, string>();
  let at = LOG_HEADER_BYTES;
  for (let left = MOST_ENTRIES; left > 0 && at + LOG_ENTRY_OVERHEAD_BYTES <= bytes.length; left--) {
    const length = bytes.readInt32BE(at);
    if (length <= 0 || at + LOG_ENTRY_OVERHEAD_BYTES + length > bytes.length) break;
    try {
      noteEntry(bytes.readInt32BE(at + 13), bytes.subarray(at + 17, at + 17 + length), notes, groupOfContext);
    } catch {
      // A damaged entry tells nothing; those beside it may.
    }
    at += LOG_ENTRY_OVERHEAD_BYTES + length;
  }
  return { group: notes.group, contexts: [...notes.contexts], nodeIds: [...notes.nodeIds], groupOfContext };
}

function noteEntry(
  type: number,
  data: Buffer,
  notes: { group: string | null; readonly contexts: Set<string>; readonly nodeIds: Set<string> },
  groupOfContext: Map<string, string>,
): void {
  if (type === logEntryTypes.leaderElected) notes.nodeIds.add(decodeLeaderElected(data));
  if (type === logEntryTypes.newConfiguration) {
    for (const { nodeId } of decodeNewConfiguration(data)) notes.nodeIds.add(nodeId);
  }
  if (type !== logEntryTypes.serializedObject) return;
  const entry = decodeSerializedEntry(data);
  if (entry.kind === 'append') {
    const { context, events } = entry.transaction;
    if (context !== '') notes.contexts.add(context);
    // An empty context means: named like the group.
    else notes.group ??= contextOf(events[0]);
    return;
  }
  // Ours are JSON; those of real servers are not, and groups of contexts have some of them too.
  const change: unknown = JSON.parse(entry.data.toString('utf8'));
  // A single digit is JSON, too.
  if (typeof change !== 'object' || change === null) return;
  notes.group ??= ADMIN_GROUP;
  const { name, replicationGroup } = change as Readonly<Record<string, unknown>>;
  if (typeof name === 'string' && typeof replicationGroup === 'string') groupOfContext.set(name, replicationGroup);
}
