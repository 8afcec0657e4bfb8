import * as fs from 'node:fs';
import path from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Header } from 'tar-stream';
import { AxonError, describeSystemFailure } from '../../../server/index.ts';
import { tarParser } from '../archives/tar-parser.ts';
import { normalizeEntryName } from '../archives/archive-entry.ts';
import { parseBackupName, typeOfSuffix } from '../backup/backup-name.ts';
import type { AggregatePlaces } from '../segments/aggregate-places.ts';
import { checkIndex, type CheckedIndex } from '../segments/index-check.ts';
import { companionsOnDisk } from '../segments/companions-on-disk.ts';
import { EventScanner } from '../segments/event-scanner.ts';
import type { EventScan } from '../segments/event-scan.ts';
import { HeldPlaces } from '../segments/held-places.ts';
import { isUnreadable } from '../examination/examine-events.ts';
import type { ReadingBudget } from '../archives/reading-budget.ts';
import { isZero } from '../segments/zeros.ts';

/*
 * A tar that comes by once, as out of object storage. Segments of events are read while they pass, and of them only the beginning
 * is laid down, in a file of their full length that is a hole behind it; everything else is laid down whole. What then lies in the
 * folder is looked at like any backup. What the format does not allow to be read so: files that are packed without their holes
 * (`--sparse`), whose places in the file stand before what is packed.
 */

/** Enough to tell whose a segment is. */
const BEGINNING_BYTES = 4 << 20;
/** So much is laid down in all; the disk may have less. */
const MOST_SPOOLED_BYTES = 16 * 1024 ** 3;
const GZIP = 0x1f8b;
const BLOCK_BYTES = 512;

export interface SpooledTar {
  /** What segments of events came to, by their path. */
  readonly scans: ReadonlyMap<string, EventScan>;
  /** Where the events of the last of them stand. */
  readonly places: HeldPlaces;
  /** How what lay beside the others looked, when those came by. */
  readonly checked: ReadonlyMap<string, CheckedIndex>;
  /** Hard links: by the path of each that of the file which came before it. */
  readonly links: ReadonlyMap<string, string>;
  /** What could not be read, each with the reason. */
  readonly unreadable: readonly string[];
  readonly bytes: number;
}

export interface SpoolOptions {
  readonly folder: string;
  readonly budget: ReadingBudget;
  readonly isQuick: boolean;
  /** Told of all bytes that have come so far. */
  readonly onBytes: (doneBytes: number) => void;
}

/**
 * Reads a tar, or a tar.gz, to its end. One that breaks off is `unreadable`, and what came before counts. Fails with `bad-option`
 * where it is no tar from the start, with `data-file-write` where the disk refuses, and as the budget does.
 */
export async function spoolTar(input: Readable, options: SpoolOptions): Promise<SpooledTar> {
  const { budget, onBytes } = options;
  const spool = new Spool(options);
  let bytes = 0;
  let tail = Buffer.alloc(0);
  const tar = tarParser();
  const feed = async (): Promise<void> => {
    for await (const piece of (await unpacked(input)) as AsyncIterable<Buffer>) {
      bytes += piece.length;
      onBytes(bytes);
      budget.allowFor(piece.length);
      tail = Buffer.concat([tail, piece.subarray(-BLOCK_BYTES)]).subarray(-BLOCK_BYTES);
      if (!tar.write(piece)) await new Promise<void>((resolve) => void tar.once('drain', () => resolve()));
      await budget.turn();
    }
    tar.end(null);
  };
  const fed = feed().catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  fed.catch(() => undefined);
  try {
    for await (const entry of tar) await spool.take(entry as Entry);
    await fed;
    if (bytes > 0 && !(tail.length === BLOCK_BYTES && isZero(tail))) {
      spool.refuse('-', 'it is cut short: the zeros that end a tar are missing');
    }
  } catch (error) {
    input.destroy();
    if (error instanceof AxonError && !isUnreadable(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    if (spool.isEmpty) throw new AxonError('bad-option', `standard input is no tar: ${reason}`);
    spool.refuse('-', `it is no whole tar: ${reason}`);
  }
  if (bytes === 0) throw new AxonError('bad-option', 'there is nothing on standard input');
  const { scans, places, checked, links, unreadable } = spool;
  return { scans, places, checked, links, unreadable, bytes };
}

/** As it comes, or out of a gzip. */
async function unpacked(input: Readable): Promise<Readable> {
  await new Promise((resolve, reject) => {
    input.once('readable', resolve).once('end', resolve).once('error', reject);
  });
  const first = input.read() as Buffer | null;
  if (first !== null) input.unshift(first);
  if (first === null || first.length < 2 || first.readUInt16BE(0) !== GZIP) return input;
  // Whatever fails is told by the end of the pipeline that is read.
  return pipeline(input, createGunzip(), () => undefined);
}

/** A file of a tar, which has to be read before the next one comes. */
type Entry = AsyncIterable<Buffer> & { readonly header: Header };

/** Where what has come by lies. */
class Spool {
  readonly scans = new Map<string, EventScan>();
  readonly checked = new Map<string, CheckedIndex>();
  readonly places = new HeldPlaces();
  readonly links = new Map<string, string>();
  readonly unreadable: string[] = [];
  readonly #options: SpoolOptions;
  #entries = 0;
  #spooledBytes = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#entries === 0;
  }

  refuse(where: string, reason: string): void {
    this.unreadable.push(`${where}: ${reason}`);
  }

  async take(entry: Entry): Promise<void> {
    const { type, name: given, linkname, pax } = entry.header;
    this.#options.budget.takeEntry();
    this.#entries++;
    const attributes = (pax ?? {}) as Readonly<Record<string, string>>;
    // Of a sparse file the header's own name is only a stand-in.
    const name = normalizeEntryName(attributes['GNU.sparse.name'] ?? given);
    const isPlain = (type === 'file' || type === 'contiguous-file') && attributes['GNU.sparse.major'] === undefined;
    if (isPlain) await this.#lay(name, entry);
    else if (type === 'link') this.#link(name, normalizeEntryName(linkname ?? ''));
    else if (type === 'file' || type === null) {
      this.refuse(name, 'it is packed without its holes, or in another way that is read of a file and not of a stream');
      for await (const _ of entry);
    }
    // A folder has no data, whatever its size says; of what else there is nobody knows how it lies.
    else if (type !== 'directory') for await (const _ of entry);
  }

  #link(name: string, target: string): void {
    try {
      const [from, to] = [this.#placeOf(target), this.#placeOf(name)];
      fs.mkdirSync(path.dirname(to), { recursive: true });
      fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE);
      const { atime, mtime } = fs.statSync(from);
      fs.utimesSync(to, atime, mtime);
      this.links.set(name, this.links.get(target) ?? target);
      const scan = this.scans.get(target);
      if (scan !== undefined) this.scans.set(name, scan);
    } catch {
      this.refuse(name, `it is a link to ${target}, which did not come before it`);
    }
  }

  async #lay(name: string, entry: Entry): Promise<void> {
    const { size, mtime } = entry.header;
    const parsed = parseBackupName(path.posix.basename(name));
    const isEvents = parsed !== null && (parsed.suffix === '.events' || parsed.suffix === '.snapshots');
    const scanner = isEvents ? this.#scannerFor(name, parsed.number) : null;
    const isWhole = parsed !== null || size <= this.#options.budget.limits.wholeBytes;
    let mostLaid = isEvents || !isWhole ? BEGINNING_BYTES : Number.POSITIVE_INFINITY;
    let fd: number | null = null;
    try {
      const place = this.#placeOf(name);
      fs.mkdirSync(path.dirname(place), { recursive: true });
      fd = fs.openSync(place, 'w');
    } catch (error) {
      this.refuse(name, `it cannot be laid down (${describeSystemFailure(error)})`);
      mostLaid = 0;
    }
    try {
      let at = 0;
      for await (const piece of entry) {
        scanner?.push(piece);
        if (fd !== null && at < mostLaid) this.#write(fd, piece);
        at += piece.length;
      }
      if (fd === null) return;
      fs.ftruncateSync(fd, size ?? at);
      const seconds = Number.isFinite(mtime?.getTime()) ? Math.max(0, (mtime?.getTime() ?? 0) / 1000) : 0;
      fs.futimesSync(fd, seconds, seconds);
    } finally {
      if (fd !== null) fs.closeSync(fd);
      if (scanner !== null) {
        this.scans.set(name, scanner.finish());
        this.places.settle((gone, places) => this.#checkNow(gone, places));
      }
    }
  }

  #scannerFor(name: string, segment: bigint): EventScanner {
    const places = this.places.begin(name);
    const { isQuick } = this.#options;
    if (isQuick) return new EventScanner(segment, { checksChecksums: false });
    return new EventScanner(segment, {
      seeEvent: (bytes, start, end, position) => places.add(bytes, start, end, position),
      missEvents: () => places.giveUp(),
    });
  }

  #write(fd: number, piece: Buffer): void {
    this.#spooledBytes += piece.length;
    try {
      if (this.#spooledBytes > MOST_SPOOLED_BYTES) throw new Error('there is more than 16 GiB beside the segments');
      for (let done = 0; done < piece.length;) done += fs.writeSync(fd, piece, done);
    } catch (error) {
      const reason = `what has come over standard input cannot be laid down in ${this.#options.folder}`;
      throw new AxonError('data-file-write', `${reason}: ${describeSystemFailure(error)}`, { cause: error });
    }
  }

  /** What lies beside a segment by now, before the places of its events are let go of. */
  #checkNow(name: string, places: AggregatePlaces): void {
    const scan = this.scans.get(name);
    const type = typeOfSuffix(path.posix.extname(name));
    if (scan === undefined || type === null) return;
    const beside = companionsOnDisk(this.#placeOf(name), type);
    const isSound = scan.end !== 'broken' && scan.badChecksums.length === 0;
    this.checked.set(name, checkIndex(beside, type, isSound ? places.places : null));
  }

  /** Within the folder, whatever the name. Fails where it leads out of it. */
  #placeOf(name: string): string {
    if (name === '' || name.split('/').includes('..')) throw new Error('its name leads out of the archive');
    return path.join(this.#options.folder, name);
  }
}
