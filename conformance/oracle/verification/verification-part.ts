import { createHash } from 'node:crypto';
import { AxonError } from '../../../server/index.ts';
import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import type { LogScan } from '../segments/log-scanner.ts';
import type { LookedBackup } from './looked-backup.ts';
import type { NodeOutcome } from './node-outcome.ts';
import { formatPlain, parsePlain } from './plain-values.ts';
import type { ScannedSegment } from '../segments/scan-segment.ts';
import type { VerificationProblem } from './verification.ts';

export interface PartNumber {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** What `verify --shard I/N --json` prints: its part of the segments, and in the first part the rest of the backup. */
export interface VerificationPart {
  readonly kind: 'verification-part';
  readonly schemaVersion: 1;
  readonly path: string;
  readonly shard: PartNumber;
  readonly isQuick: boolean;
  /** SHA-256 of names and sizes: parts of one backup have the same. */
  readonly backup: string;
  /** Segments and logs that were read for it, and their bytes. */
  readonly read: { readonly files: number; readonly bytes: number };
  /** What is wrong with those by themselves; how they join is seen by `merge`. */
  readonly problems: readonly VerificationProblem[];
  /** For `merge` alone: JSON as plain-values.ts has it, and its SHA-256. */
  readonly content: string;
  readonly contentSha256: string;
}

/** What `merge` puts together. */
export interface PartContent {
  /** By path; null where it could not be read. */
  readonly segments: ReadonlyMap<string, ScannedSegment | null>;
  readonly logs: ReadonlyMap<string, LogScan | null>;
  /** In the first part alone. */
  readonly looked: LookedBackup | null;
  /** Where it took a start of a node, in the first part. */
  readonly node: NodeOutcome | null;
}

const MOST_PARTS = 10_000;

/** Puts a part together. Pure. */
export function encodePart(
  facts: Omit<VerificationPart, 'kind' | 'schemaVersion' | 'content' | 'contentSha256'>,
  parts: PartContent,
): VerificationPart {
  const content = formatPlain(withoutBytes(parts));
  return { kind: 'verification-part', schemaVersion: 1, ...facts, content, contentSha256: sha256(content) };
}

/** What is in a part. Fails with `bad-option`, which names the file, where it was altered or cut. */
export function decodePart({ content, contentSha256 }: VerificationPart, file: string): PartContent {
  if (sha256(content) !== contentSha256)
    throw new AxonError('bad-option', `${file} was altered: its content has another checksum`);
  const parts = parsePlain(content) as PartContent;
  const { looked } = parts;
  return { ...parts, looked: looked === null ? null : { ...looked, inventory: readable(looked.inventory) } };
}

/** A part as it was parsed out of JSON, or null where it is something else. */
export function asPart(value: unknown): VerificationPart | null {
  if (typeof value !== 'object' || value === null) return null;
  const { kind, schemaVersion, shard, content, contentSha256 } = value as Partial<VerificationPart>;
  if (kind !== 'verification-part' || schemaVersion !== 1) return null;
  const isSound = typeof content === 'string' && typeof contentSha256 === 'string' && isPartNumber(shard);
  return isSound ? (value as VerificationPart) : null;
}

function isPartNumber(shard: Partial<PartNumber> | null | undefined): boolean {
  const { index = 0, count = 0 } = shard ?? {};
  return Number.isInteger(index) && Number.isInteger(count) && index >= 1 && index <= count && count <= MOST_PARTS;
}

/** The same for all who look at the same files, wherever these are mounted. */
export function fingerprintOf({ files }: BackupInventory): string {
  return sha256(formatPlain(files.map(({ path, sizeBytes, what }) => [path, sizeBytes, what])));
}

/**
 * The files of one part: segments and logs, divided by their sizes, so that every part has about the same to read. Disjoint,
 * together all, and the same for the same backup.
 */
export function filesOfPart({ files }: BackupInventory, { index, count }: PartNumber): readonly BackupFile[] {
  const parts = Array.from({ length: count }, () => ({ bytes: 0, files: new Array<BackupFile>() }));
  const largestFirst = files
    .filter(({ what }) => what.kind === 'segment' || what.kind === 'log')
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1));
  for (const file of largestFirst) {
    const least = parts.reduce((best, each) => (each.bytes < best.bytes ? each : best));
    least.files.push(file);
    least.bytes += file.sizeBytes + 1;
  }
  return parts[index - 1]?.files ?? [];
}

/** Nobody starts a node on what is merged: images of databases stay where they are, and so do the files. */
function withoutBytes(parts: PartContent): unknown {
  const { looked } = parts;
  if (looked === null) return parts;
  const { unreadable, unfinished, passedOver } = looked.inventory;
  return {
    ...parts,
    looked: {
      ...looked,
      inventory: { files: looked.inventory.files.map(describeFile), unreadable, unfinished, passedOver },
      zips: looked.zips.map((zip) => ({
        ...zip,
        content: zip.content === null ? null : { ...zip.content, image: null },
      })),
    },
  };
}

function describeFile(file: BackupFile): Omit<BackupFile, 'readBytes'> {
  const { path, name, container, sizeBytes, checksum, link, writtenInRun, recency, what } = file;
  return { path, name, container, sizeBytes, checksum, link, writtenInRun, recency, what };
}

function readable(inventory: LookedBackup['inventory']): LookedBackup['inventory'] {
  const readBytes = (): Buffer => {
    throw new AxonError('data-file-read', 'the files of a backup are not there where its parts are merged');
  };
  return { ...inventory, files: inventory.files.map((file) => ({ ...file, readBytes })) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
