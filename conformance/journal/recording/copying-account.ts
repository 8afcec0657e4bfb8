import type { Answer, CopyingSign } from '../evidence.ts';
import type { GrownFile } from './folder-growth.ts';
import { attribute, owedFor, type OwedCopying } from './owed-copying.ts';
import { courseOf, isBefore, readingOf, type Course } from './source-reads.ts';

/** What of a run's copying is charged, and what shows that it was done. */
export interface Charge {
  readonly owed: OwedCopying;
  readonly shownBy: CopyingSign;
}

/** A file that bears no listed name tells of copying where it has grown by this part of what was listed, packed or not. */
const LEAST_PACKED = 1 / 50;

/** Answers kept in files, parsed and unparsed, are no copies; nor are locks and notes. Bytes. */
const ANSWERS_KEPT = 2;
const NOTES_BYTES = 16 * 1024;

/**
 * What the files of the answers to one run cost in time, and when. Copying is charged listing by
 * listing: the whole of one as soon as the client's folders tell that it is being copied, and whatever they do not tell
 * when the run has ended. Wherever they leave the order open, the zip and the logs come before the segments: a client is
 * never charged with a mistake that nothing shows.
 *
 * `longBytes` is for how much of segments that order matters.
 */
export class CopyingAccount {
  readonly #longBytes: number;
  readonly #all: OwedCopying[] = [];
  #answeredBytes = 0;
  /** Growth under names that are not listed, and that no charge has accounted for. */
  #packedBytes = 0;
  #packedIn = '';

  constructor(longBytes: number) {
    this.#longBytes = longBytes;
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** A file of the client's by whose name it can be told whether it is worth another look. */
  couldBeCopy(name: string | null): boolean {
    return name === null || this.#all.some(({ unseen }) => unseen.has(name));
  }

  /**
   * An answer that names files. What of them an earlier answer to the same question had named, and no copy was seen of, is
   * owed to the newer one: it was listed to be looked at.
   */
  add(answer: Answer, facts: Parameters<typeof owedFor>[1] & { readonly bodyBytes: number }): void {
    this.#answeredBytes += facts.bodyBytes;
    const owed = owedFor(answer, facts);
    if (owed === null) return;
    for (const earlier of this.#all.filter(({ subject }) => subject === owed.subject)) {
      for (const [name, sizeBytes] of earlier.unseen) {
        if (!owed.unseen.has(name)) continue;
        earlier.unseen.delete(name);
        earlier.bytes = Math.max(0, earlier.bytes - sizeBytes);
      }
    }
    this.#all.push(owed);
  }

  /** The folders were looked at: what of it all is being copied, or has been, in order. */
  charge(grown: readonly GrownFile[]): Charge[] {
    const begun = new Map<OwedCopying, CopyingSign>();
    const copies = attribute(grown, this.#all);
    for (const [{ name, folder, bytes }, owner] of copies) {
      if (owner === null) {
        this.#packedBytes += bytes;
        this.#packedIn = folder;
      } else if (!owner.isCharged && owner.bytes > 0 && !begun.has(owner))
        begun.set(owner, { kind: 'file', name, folder });
    }
    for (const owed of this.#packed(begun)) begun.set(owed, { kind: 'growth', folder: this.#packedIn });
    const charges = [...begun].map(([owed, shownBy]) => ({ owed, shownBy }));
    return this.#take([...this.#doneBefore(begun), ...this.#inOrder(charges, copies)]);
  }

  /** The run has ended, and the folders were looked at: all that is left. */
  settle(grown: readonly GrownFile[]): Charge[] {
    const copies = attribute(grown, this.#all);
    const signs = new Map<OwedCopying, CopyingSign>();
    for (const [{ name, folder }, owner] of copies) {
      if (owner !== null && !signs.has(owner)) signs.set(owner, { kind: 'file', name, folder });
    }
    const rest = this.#pending.map((owed): Charge => ({ owed, shownBy: signs.get(owed) ?? { kind: 'end' } }));
    return this.#take(this.#inOrder(rest, copies));
  }

  get #pending(): OwedCopying[] {
    return this.#all.filter(({ isCharged, bytes }) => !isCharged && bytes > 0);
  }

  /** Listings of segments that growth under other names tells of: more of it than zip, logs, answers and notes would make. */
  #packed(begun: ReadonlyMap<OwedCopying, CopyingSign>): OwedCopying[] {
    const waiting = this.#pending.filter((owed) => !begun.has(owed));
    const others = waiting.filter((owed) => !isOfSegments(owed)).reduce((sum, { bytes }) => sum + bytes, 0);
    let restBytes = this.#packedBytes - others - ANSWERS_KEPT * this.#answeredBytes - NOTES_BYTES;
    const found: OwedCopying[] = [];
    for (const owed of waiting.filter(isOfSegments)) {
      if (restBytes < owed.bytes * LEAST_PACKED) break;
      found.push(owed);
      restBytes -= owed.bytes;
    }
    if (found.length > 0) this.#packedBytes = 0;
    return found;
  }

  /**
   * Zip and logs that were copied before the segments that have begun, though no file of their name shows it: they have been
   * read, or where nothing tells that, something else has grown that they may lie in.
   */
  #doneBefore(begun: ReadonlyMap<OwedCopying, CopyingSign>): Charge[] {
    const waiting = this.#pending.filter((owed) => !isOfSegments(owed) && !begun.has(owed));
    if (waiting.length === 0 || ![...begun.keys()].some(isOfSegments)) return [];
    const keepsTimes = [...begun.keys()].some(({ sources }) => typeof readingOf(sources) === 'object');
    return byKind(waiting.map((owed) => ({ owed, shownBy: { kind: 'reading' as const } }))).flatMap((charge) => {
      const reading = readingOf(charge.owed.sources);
      if (typeof reading === 'object') return [charge];
      const isKnown = keepsTimes && reading === 'unread';
      const hasGrown = this.#packedBytes > 0 || [...begun.values()].some(({ kind }) => kind === 'growth');
      return isKnown || !hasGrown ? [] : [{ ...charge, shownBy: { kind: 'growth' as const, folder: this.#packedIn } }];
    });
  }

  /** Zip, logs, segments, but for segments that take long and are known to have been copied before a log. */
  #inOrder(charges: readonly Charge[], copies: ReadonlyMap<GrownFile, OwedCopying | null>): Charge[] {
    const ordered = byKind(charges);
    if (!this.#isLong(charges.map(({ owed }) => owed))) return ordered;
    const timesOf = (owed: OwedCopying): number[] =>
      [...copies].flatMap(([{ changedMs }, owner]) => (owner === owed ? [changedMs] : []));
    const courses = ordered.map(({ owed, shownBy }) => ({
      owed,
      shownBy,
      reading: readingOf(owed.sources),
      writing: courseOf(timesOf(owed)),
    }));
    return courses.flatMap((each) => (each.owed.kind === 'log' ? [...readBefore(each, courses), each] : [each]));
  }

  #isLong(all: readonly OwedCopying[]): boolean {
    const bytes = all.filter(isOfSegments).reduce((sum, owed) => sum + owed.bytes, 0);
    return bytes > this.#longBytes && all.some(({ kind }) => kind === 'log');
  }

  #take(charges: readonly Charge[]): Charge[] {
    const taken = charges.filter(({ owed }, place) => charges.findIndex((other) => other.owed === owed) === place);
    for (const { owed } of taken) owed.isCharged = true;
    return taken;
  }
}

/** A charge, with the times at which files were read and copies of them were written, as far as these are known. */
interface Copied extends Charge {
  readonly reading: ReturnType<typeof readingOf>;
  readonly writing: Course | null;
}

/**
 * Segments that were read before that log was. Times of access tell in what order files were read; but whoever reads has not
 * copied yet, so that copies which say the opposite weigh more. Where nothing is known, the log comes first.
 */
function readBefore(log: Copied, all: readonly Copied[]): Charge[] {
  const ofLog = log.reading;
  if (typeof ofLog !== 'object') return [];
  const isContradicted = ({ writing }: Copied): boolean =>
    log.writing !== null && writing !== null && isBefore(log.writing, writing);
  const others = all.flatMap((each) => {
    const { owed, reading } = each;
    return isOfSegments(owed) && typeof reading === 'object' && !isContradicted(each) ? [{ owed, reading }] : [];
  });
  if (!others.some(({ reading }) => isBefore(reading, ofLog))) return [];
  // Of a few files that were read in one tick of the clock nobody can tell what came first.
  const first = others.filter(({ reading }) => ofLog.firstMs >= reading.lastMs);
  return first.map(({ owed }) => ({ owed, shownBy: { kind: 'reading' } }));
}

function isOfSegments({ kind }: OwedCopying): boolean {
  return kind === 'segments';
}

/** Zip, logs, segments; among these in the order of the answers. */
function byKind(charges: readonly Charge[]): Charge[] {
  const rank = { 'control-db-backup': 0, log: 1, segments: 2 };
  return charges.toSorted((a, b) => rank[a.owed.kind] - rank[b.owed.kind] || a.owed.ordinal - b.owed.ordinal);
}
