import { BackupCopies } from '../../journal/in-backup/backup-copies.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { isSameStore, keyOfStore, type EventStoreName } from '../../journal/event-store-name.ts';
import type { BackupFile, LinkOut } from '../../journal/inventory.ts';
import {
  lastVersionsOf,
  listingRoundsOf,
  replacedInRound,
  type ListingRound,
  type Naming,
} from '../../journal/inference/listing-rounds.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { isWhole, shortfallOf } from '../../journal/inference/restore-shortfall.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { hasUnknownSuffix, isIndexFile, parseSegmentFileName } from '../../journal/segment-file-name.ts';
import { unreadableIn, type UnreadableFile } from '../../journal/in-backup/unreadable-in-backup.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * A closed segment is final: its copy is the same to the byte, or it is no copy. A link is none either: it shows what
 * the live file is, and is gone with the disk of the server. The same goes for the backup folder as a whole, and for an
 * archive that does not unpack: where a backup lacks something, what lies in such a thing is not there.
 */
export const faithful: Rule = {
  id: 'copy/faithful',
  level: 'must',
  requirement: 'Copy closed segments byte for byte, and never link to the live files.',
  source:
    'Reference guide, Backups, event store: the files are to be copied; docs/event-segment-format.md, sections 2 (the whole length, zeros included) and 8.2 (what a file that is cut short does)',
  why: 'A file that is cut short, even of its zeros, ends the start-up with AXONIQ-9000; a changed byte fails its checksum. A hard link is the live file under another name, and changes or breaks with it.',
  remedy:
    'Copy to the end of the file, check the length and the result of every write, flush, then rename; of what is packed, test the archive (`gzip -t`, `tar -t`) before it counts. Do not link, and do not trim the zeros at the end.',
  timelines: {
    good: `02:00:05  run 1 is told of segment 0, 262144 bytes
02:00:06  run 1 writes 262144 bytes, the zeros at the end among them`,
    bad: `02:00:05  run 1 is told of segment 0, 262144 bytes
02:00:06  the disk of the backup is full after 200000 bytes; the error is not noticed
02:00:07  the run exits with 0; a restored server stops with "Failed to read event"`,
  },
  consequenceOf: [
    'cursor/from-closed-segment',
    'cursor/after-copy',
    'open-segment/overwritten',
    'listing/segment-versions',
  ],
  check,
};

function check(evidence: Evidence): Judgement {
  const reported = new Set<string>();
  const findings: Finding[] = [];
  const report = (finding: Finding): void => {
    const key = `${finding.subject} ${finding.actual}`;
    if (!reported.has(key)) findings.push(finding);
    reported.add(key);
  };
  // Whatever a run says of itself: what stands in place of the folder is there for the next one, and for whoever restores.
  const replaced = evidence.runs.flatMap((run) => describeReplacement(run) ?? []);
  replaced.forEach(report);
  let looked = 0;
  let hasLinksOut = false;
  let hasUnreadable = false;
  for (const run of claimedRunsOf(evidence)) {
    for (const link of run.after.linksOut ?? []) {
      const finding = describeLinkOut(run, link);
      if (finding === null) continue;
      report(finding);
      hasLinksOut = true;
    }
    for (const broken of isWhole(shortfallOf(evidence, run)) ? [] : unreadableIn(run.after)) {
      report(describeUnreadable(evidence, run, broken));
      hasUnreadable = true;
    }
    for (const file of run.after.files) if (file.link !== 'none') report(describeLink(run, file));
    const copies = new BackupCopies(run.after, evidence.contexts);
    for (const { store, name, namings } of originalsOf(evidence, run).values()) {
      const copy = copies.newest(store, name);
      const [original] = namings;
      if (copy === null || original === undefined) continue;
      looked++;
      const isFaithful = (file: BackupFile): boolean =>
        namings.some((naming) => naming.file.checksum === file.checksum);
      // An index does not say whose it is. It never changes, so that any good copy will do.
      const candidates = isIndexFile(name) ? copies.all(store, name) : [copy];
      if (copy.link === 'none' && !candidates.some(isFaithful)) report(describeCopy(run, copy, original));
    }
  }
  const judgement = judge(looked, 'copies of closed segments and their indexes', findings);
  // Nothing is read through a link, or out of a broken archive, so that every other rule misses what is behind it.
  const isTheReason = replaced.length > 0 || hasLinksOut || hasUnreadable;
  return judgement.verdict === 'fail' && isTheReason ? { ...judgement, isTheReason } : judgement;
}

/** A file of a closed segment, with the listings that say what it has to be like. */
interface Original {
  readonly store: EventStoreName;
  readonly name: string;
  readonly namings: Naming[];
}

/**
 * What the copies are held against: the listings of the run itself, and for files that it was not told of those of the
 * runs before. A segment that is not closed on the node which the run asks is not final, whether a list has it or not: another
 * node may have closed it before.
 */
function originalsOf(evidence: Evidence, run: RunRecord): ReadonlyMap<string, Original> {
  const originals = new Map<string, Original>();
  for (const earlier of evidence.runs) {
    if (earlier.run > run.run) break;
    const listedHere = new Set<string>();
    for (const round of listingRoundsOf(earlier)) {
      if (earlier === run) forgetOpenOnes(originals, round);
      const replaced = replacedInRound(round);
      for (const listing of round.listings) {
        // What closed after the run had asked may wait for the next one.
        const last = earlier === run ? round.lastClosedSegment : listing.answer.lastClosedSegment;
        for (const file of listing.answer.files) {
          const key = `${keyOfStore(round)} ${file.name}`;
          const segment = parseSegmentFileName(file.name)?.segment ?? null;
          if (segment === null || file.checksum === null || hasUnknownSuffix(file.name)) continue;
          if (replaced.has(file.name)) continue;
          if (file.isOpen) originals.delete(key);
          if (file.isOpen || segment > last) continue;
          const others = earlier === run && !listedHere.has(key) ? undefined : originals.get(key);
          listedHere.add(key);
          if (others === undefined) originals.set(key, { store: round, name: file.name, namings: [{ listing, file }] });
          else others.namings.push({ listing, file });
        }
      }
      if (earlier === run) forgetSupersededOnes(originals, round, listedHere);
    }
  }
  return originals;
}

/**
 * Where the run was told in the end of a segment in a newer version alone, the older one is gone, and whatever a backup still has of it is
 * no copy that a restore takes.
 */
function forgetSupersededOnes(
  originals: Map<string, Original>,
  round: ListingRound,
  listedHere: ReadonlySet<string>,
): void {
  const lowest = lastVersionsOf(round);
  for (const [key, { store, name }] of originals) {
    const parsed = parseSegmentFileName(name);
    if (parsed === null || listedHere.has(key) || !isSameStore(store, round)) continue;
    if (parsed.version < (lowest.get(parsed.segment) ?? 0)) originals.delete(key);
  }
}

function forgetOpenOnes(originals: Map<string, Original>, { lastClosedSegment, ...round }: ListingRound): void {
  for (const [key, { store, name }] of originals) {
    const segment = parseSegmentFileName(name)?.segment ?? -1n;
    if (isSameStore(store, round) && segment > lastClosedSegment) originals.delete(key);
  }
}

function describeCopy(run: RunRecord, copy: BackupFile, { listing, file }: Naming): Finding {
  const { sizeBytes, checksum } = file;
  return {
    run: run.run,
    atMs: listing.atMs,
    subject: copy.path,
    expected: `${sizeBytes} bytes with SHA-256 ${abbreviate(checksum ?? '')}, as ${nameRequest(listing)} named the file on ${listing.node} at ${formatTime(listing.atMs)}`,
    actual: `${copy.sizeBytes} bytes with SHA-256 ${abbreviate(copy.checksum)}, last written in run ${copy.writtenInRun}`,
  };
}

/** What lies in a thing that does not unpack is nowhere, whatever it was; of a file that is packed by itself its name tells. */
function describeUnreadable(evidence: Evidence, run: RunRecord, { path, reason, file }: UnreadableFile): Finding {
  const name = (path.split(/[/!]/).at(-1) ?? path).replace(/\.gz$/, '');
  const listing = evidence.runs
    .filter((each) => each.run <= run.run)
    .flatMap(({ requests }) => requests)
    .findLast(({ answer }) => 'files' in answer && answer.files.some((listed) => listed.name === name));
  const listed =
    listing !== undefined && 'files' in listing.answer
      ? listing.answer.files.find((each) => each.name === name)
      : undefined;
  const isTold = listing !== undefined && listed !== undefined;
  const bytes = file === null ? '' : `; it has ${file.sizeBytes} bytes, last written in run ${file.writtenInRun}`;
  return {
    run: run.run,
    atMs: run.endMs,
    subject: path,
    expected: isTold
      ? `it unpacks to the ${listed.sizeBytes} bytes of ${name}, as ${nameRequest(listing)} named the file`
      : 'an archive that can be looked into, to its end',
    actual: `${reason}${bytes}`,
  };
}

/** That something else stands where the backup folder was; null where it is a folder, and not the server's. */
function describeReplacement({ run, endMs, after }: RunRecord): Finding | null {
  const link = after.linksOut?.find(({ path }) => path === '.');
  if (link === undefined && after.replacedBy === undefined) return null;
  return {
    run,
    atMs: endMs,
    subject: `BACKUP_DIR after run ${run}`,
    expected: 'a folder that holds the backup itself',
    actual: link === undefined ? `${after.replacedBy} in place of it` : describeTarget(link),
  };
}

/** Null for a link to a folder that is no affair of the server's: it is passed over, and the backup lacks what is there. */
function describeLinkOut({ run, endMs }: RunRecord, link: LinkOut): Finding | null {
  if (link.path === '.' || (link.leadsTo === 'elsewhere' && link.what === 'folder')) return null;
  const expected = 'a copy with bytes of its own';
  return { run, atMs: endMs, subject: link.path, expected, actual: describeTarget(link) };
}

function describeTarget({ leadsTo, what }: LinkOut): string {
  if (what === 'mounted-folder') return "a folder of the live server's, mounted there";
  if (what === 'nothing') return 'a symbolic link that leads nowhere';
  const targets = {
    server: `a ${what} of the live server`,
    'above-server': 'a folder that holds those of the live server',
    elsewhere: what === 'file' ? 'a file that is not in the backup' : 'a folder that is not the backup',
  };
  return `a symbolic link to ${targets[leadsTo]}`;
}

function describeLink(run: RunRecord, file: BackupFile): Finding {
  return {
    run: run.run,
    atMs: run.endMs,
    subject: file.path,
    expected: 'a copy with bytes of its own',
    actual:
      file.link === 'hard'
        ? 'a hard link to a file of the live server'
        : 'a symbolic link that leads out of the backup',
  };
}

function abbreviate(checksum: string): string {
  return checksum.length <= 12 ? checksum : `${checksum.slice(0, 12)}…`;
}
