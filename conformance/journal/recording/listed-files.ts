import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import type { Exchange } from '../../../server/index.ts';
import type { Answer, ListedFile } from '../evidence.ts';
import { LateFile } from './late-file.ts';
import { readToldPushes } from './told-pushes.ts';
import { readUnnoticed } from './read-unnoticed.ts';
import type { ServerFiles } from './server-files.ts';
import { lookAtSource, type SourceLook } from './source-reads.ts';

/** What is known of a store when it is listed: the segment that was open, and the highest closed one. */
export interface StoreAtAnswer {
  readonly openSegment: bigint;
  readonly lastClosedSegment: bigint;
}

/** What a listing of a store says, before it is known what it means. */
export interface ListedStore {
  readonly node: string;
  readonly context: string;
  readonly type: 'EVENT' | 'SNAPSHOT';
  readonly cursor: bigint | null;
  readonly names: readonly string[];
}

/** How an answer is read: what was open then, and which log segment was being written. */
export interface AnswerContext {
  /** Null for a store that is not there. */
  readonly storeOf: (listed: ListedStore) => StoreAtAnswer | null;
  /** Checksums that are known already: closed files never change. */
  readonly checksums: Map<string, string>;
  readonly serverFiles: Pick<ServerFiles, 'name'>;
  /** Where a file that is listed lies here; under its own name unless given. */
  readonly localPathOf?: (listed: string) => string;
  /** Whether a file that is listed lies where the client has no way to it; none does unless given. */
  readonly isOutsideMounts?: (listed: string) => boolean;
  /** Whether closed files are read when somebody asks for their bytes, and not before: they do not change. */
  readonly readsClosedLate?: boolean;
  /** Is given the look at each file that exists. */
  readonly looks: SourceLook[];
  /** Whether a list of a log has the segment that is written: then it is the highest one. */
  readonly listsCurrentLog: boolean;
}

const controlDbPath = /\/createControlDbBackup$/;
const segmentPath = /^\/v1\/backup\/(filenames|eventstore)$/;
const logPath = '/v1/backup/log/filenames';

/** Reads what a request was about and what it was answered, with the files as they are on disk at this moment. */
export function readAnswer(exchange: Exchange, known: AnswerContext): Answer {
  const about = topicOf(exchange);
  if (about === null) return readOther(exchange);
  if (isProbe(exchange)) return { kind: 'other' };
  if (exchange.status !== 200 || wasCut(exchange)) return { kind: 'failure', about };
  try {
    return parseAnswer(about, exchange, known);
  } catch {
    return { kind: 'failure', about };
  }
}

/** What is about no files may be about those that the server writes itself. */
function readOther(exchange: Exchange): Answer {
  if (wasCut(exchange)) return { kind: 'other' };
  try {
    const pushes = readToldPushes(exchange);
    return { kind: 'other', ...(pushes === null ? {} : { pushes }) };
  } catch {
    return { kind: 'other' };
  }
}

/** Whether a request only looks whether something is there: no answer to it lists a file, or makes one. */
function isProbe({ method }: Exchange): boolean {
  return method === 'HEAD' || method === 'OPTIONS';
}

/** Whether some of the body is missing. One that came late is whole, and another one is looked at like any. */
function wasCut({ fault }: Exchange): boolean {
  return /\b(?:truncateAt|cut) /.test(fault ?? '');
}

type Topic = 'control-db-backup' | 'segments' | 'log' | 'other';

/** Null for what is no part of a backup: discovery, health, pages. */
export function topicOf({ path: asked }: Pick<Exchange, 'path'>): Topic | null {
  if (controlDbPath.test(asked)) return 'control-db-backup';
  if (segmentPath.test(asked)) return 'segments';
  if (asked === logPath) return 'log';
  return asked.startsWith('/v1/backup/') ? 'other' : null;
}

function parseAnswer(about: Topic, exchange: Exchange, known: AnswerContext): Answer {
  if (about === 'other') return { kind: 'other' };
  if (about === 'control-db-backup') {
    return { kind: about, file: describeFile(exchange.body, false, { ...known, readsClosedLate: false }) };
  }
  const parsed: unknown = JSON.parse(exchange.body);
  if (about === 'log') {
    const names = namesOf(parsed);
    const highest = names
      .map((name) => path.basename(name))
      .toSorted()
      .at(-1);
    const isOpen = (name: string): boolean => known.listsCurrentLog && path.basename(name) === highest;
    // A log is cut at its beginning: what is not read now may have gone.
    const files = names.map((name) => describeFile(name, isOpen(name), { ...known, readsClosedLate: false }));
    return { kind: 'log', group: textOf(exchange.query['context'], 'default'), files };
  }
  const isEventStore = exchange.path.endsWith('/eventstore');
  const context = textOf(exchange.query[isEventStore ? 'targetContext' : 'context'], 'default');
  const type = textOf(exchange.query['type'], 'EVENT').toUpperCase() === 'SNAPSHOT' ? 'SNAPSHOT' : 'EVENT';
  const names = namesOf(isEventStore ? (parsed as { filenames: unknown }).filenames : parsed);
  const cursor = cursorOf(exchange.query[isEventStore ? 'lastClosedSegmentBackedUp' : 'lastSegmentBackedUp']);
  const store = known.storeOf({ node: exchange.node, context, type, cursor, names });
  const openSegment = store?.openSegment ?? null;
  const files = names.map((name) =>
    describeFile(meantBy(name, type), openSegment !== null && numberOf(name) === openSegment, known),
  );
  return {
    kind: 'segments',
    context,
    type,
    cursor,
    openSegment,
    lastClosedSegment: store?.lastClosedSegment ?? -1n,
    ...(type === 'SNAPSHOT' && names.some((name) => name.endsWith('.events')) ? { isNamedAsEvents: true } : {}),
    ...(isEventStore && store !== null ? countedBefore(exchange.body, store) : {}),
    files,
  };
}

/** As text: the number may have more digits than a number keeps. */
function countedBefore(body: string, { lastClosedSegment }: StoreAtAnswer): { readonly countedSegment?: bigint } {
  const told = /"lastClosedSegment"\s*:\s*(-?\d+)/.exec(body)?.[1];
  return told !== undefined && BigInt(told) < lastClosedSegment ? { countedSegment: BigInt(told) } : {};
}

function namesOf(parsed: unknown): string[] {
  if (!Array.isArray(parsed) || !parsed.every((name) => typeof name === 'string')) throw new Error('no list of names');
  return parsed;
}

/** The standard edition 4.2 names snapshots by the suffixes of events: files that are not there, or are those of events. */
function meantBy(listed: string, type: 'EVENT' | 'SNAPSHOT'): string {
  if (type === 'EVENT') return listed;
  return listed.replace(/\.events$/, '.snapshots').replace(/\.(index|bloom)$/, '.s$1');
}

/** Of a segment, from its name; null for what is none. */
function numberOf(listed: string): bigint | null {
  const digits = path.basename(listed).slice(0, 20);
  return /^\d{20}$/.test(digits) ? BigInt(digits) : null;
}

function textOf(value: unknown, standard: string): string {
  return typeof value === 'string' ? value : standard;
}

function cursorOf(value: unknown): bigint | null {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : null;
}

function describeFile(listed: string, isOpen: boolean, known: AnswerContext): ListedFile {
  const name = path.basename(listed);
  const named = known.serverFiles.name(listed);
  const local = known.localPathOf?.(listed) ?? listed;
  const outside = known.isOutsideMounts?.(listed) === true ? ({ outsideMounts: true } as const) : {};
  const stat = fs.statSync(local, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) {
    return { path: named, name, sizeBytes: null, modifiedAtMs: null, checksum: null, isOpen, ...outside };
  }
  const file = { path: named, name, sizeBytes: stat.size, modifiedAtMs: Math.round(stat.mtimeMs), isOpen, ...outside };
  known.looks.push(lookAtSource(local, stat));
  // The bytes of what is still written may change while nothing else of it does.
  if (isOpen) return { ...file, checksum: checksumOf(local) };
  const key = `${local}:${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
  if (known.readsClosedLate === true) return new LateFile(file, () => knownChecksumOf(local, key, known.checksums));
  return { ...file, checksum: knownChecksumOf(local, key, known.checksums) };
}

function knownChecksumOf(file: string, key: string, checksums: Map<string, string>): string {
  let checksum = checksums.get(key);
  if (checksum === undefined) {
    checksum = checksumOf(file);
    checksums.set(key, checksum);
  }
  return checksum;
}

function checksumOf(file: string): string {
  return createHash('sha256').update(readUnnoticed(file)).digest('hex');
}
