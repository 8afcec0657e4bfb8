import { AxonError } from '../../errors.ts';
import type { VirtualClock } from '../../time-and-chance/clock.ts';
import type { DataDir } from '../../stores/data-dir.ts';
import type { GroupMember } from '../member/group-member.ts';
import type { HostedEventStore } from '../member/hosted-event-store.ts';
import type { Ledger } from './ledger.ts';
import type { ReplicationGroup } from '../group/replication-group.ts';
import { roleTraits } from '../terms/roles.ts';
import { readTransformations, writeTransformations, type Transformation } from '../member/transformation-notes.ts';

/** A node that could not do its part is tried again after so long. */
const RETRY_MS = 1000;
/** Names have five digits for it. */
const HIGHEST_VERSION = 99_999;

export interface TransformationsOptions {
  readonly dataDir: DataDir;
  readonly clock: VirtualClock;
  readonly ledger: Ledger;
  /** Whether the release has versions of segments at all. */
  readonly hasVersions: boolean;
  /** Fails with `context-not-found`. */
  readonly groupOfContext: (context: string) => ReplicationGroup;
  /** Fails with `conflict` where the context is one that has no transformations. */
  readonly requirePlain: (context: string) => void;
}

/** What a transformation has done so far. */
export interface Transformed {
  readonly version: number;
  /** By node, the segments that have the version now; nodes that have to wait are not in it. */
  readonly segments: ReadonlyMap<string, readonly bigint[]>;
}

/**
 * Deletes events on all nodes of a context (docs/event-segment-format.md, section 7.4). Each node does its part as
 * soon as it has the events: running ones at once, others when they have started and caught up. What is asked for is
 * kept in the data folder; whether a node has done it shows in its files.
 *
 * Not simulated: transformations as rows of the control database, and how nodes tell each other; events that are replaced
 * rather than deleted; a transformation that is collected event by event, or cancelled.
 */
export class Transformations {
  readonly #options: TransformationsOptions;
  #noted: readonly Transformation[];
  /** Those that a node has done. */
  readonly #begun = new Set<Transformation>();
  /** Version up to which a running node has done its part. */
  readonly #doneUpTo = new WeakMap<HostedEventStore, number>();
  /** Those that the ledger knows of, and not yet that every node has them. */
  readonly #spreading = new Set<Transformation>();
  #isRetryPlanned = false;

  constructor(options: TransformationsOptions) {
    this.#options = options;
    const noted = options.hasVersions ? readTransformations(options.dataDir) : [];
    this.#noted = noted;
    for (const each of noted) if (each.hasBegun) this.#begun.add(each);
  }

  /**
   * Goes on where the last process ended, once all nodes have started. What no file of a node shows any more was taken
   * back: somebody has put a backup of before the transformation into the data folder.
   */
  resume(): void {
    const known = this.#noted.filter((each) => this.#isKnown(each));
    if (known.length < this.#noted.length) {
      this.#noted = known;
      this.#write();
    }
    this.catchUp();
  }

  /**
   * Deletes the events with these tokens. Fails with `conflict` where the release has no versions, with `no-leader`, and
   * with `bad-request` where there are no such events; where a node cannot do its part, with its failure, once the
   * others have done theirs.
   */
  deleteEvents(context: string, firstToken: bigint, lastToken: bigint): Transformed {
    this.#requireVersions();
    this.#options.requirePlain(context);
    const group = this.#options.groupOfContext(context);
    this.#checkTokens(group, context, firstToken, lastToken);
    const version = this.#highestVersion(context, group) + 1;
    if (version > HIGHEST_VERSION) throw new AxonError('conflict', `${context} has its last version already`);
    const transformation = { context, version, firstToken, lastToken };
    this.#noted = [...this.#noted, transformation];
    this.#write();
    const failures = this.#catchUp();
    reportAll(failures);
    const own = failures.find(({ member }) => group.member(member.nodeName) === member);
    if (own !== undefined) throw own.error;
    return { version, segments: segmentsWith(transformation, group) };
  }

  /** Deletes the old versions on every running node of the context; by node, how many files are gone. */
  compact(context: string): ReadonlyMap<string, number> {
    this.#requireVersions();
    this.#options.requirePlain(context);
    const removed = new Map<string, number>();
    for (const member of this.#options.groupOfContext(context).members) {
      const hosted = member.contexts.get(context)?.EVENT;
      if (hosted !== undefined) removed.set(member.nodeName, hosted.compactVersions());
    }
    return removed;
  }

  /** Has every running node do what it can; what fails is announced, and tried again. */
  catchUp(): void {
    reportAll(this.#catchUp());
  }

  #catchUp(): Failure[] {
    const failures: Failure[] = [];
    let isPending = false;
    for (const context of new Set(this.#noted.map((each) => each.context))) {
      const all = this.#noted.filter((each) => each.context === context);
      for (const member of this.#options.groupOfContext(context).members) {
        const hosted = member.contexts.get(context)?.EVENT;
        if (hosted === undefined) continue;
        try {
          isPending = !this.#carryOut(all, hosted) || isPending;
        } catch (error) {
          if (!(error instanceof AxonError)) throw error;
          failures.push({ member, error });
          isPending = true;
        }
      }
    }
    this.#noteSpread();
    if (isPending) this.#planRetry();
    return failures;
  }

  /** In the order of their versions; false where one has to wait for its events. */
  #carryOut(transformations: readonly Transformation[], hosted: HostedEventStore): boolean {
    for (const transformation of transformations) {
      const { version, lastToken } = transformation;
      if ((this.#doneUpTo.get(hosted) ?? 0) >= version) continue;
      if (hosted.store.nextToken <= lastToken) return false;
      hosted.deleteEvents(transformation);
      this.#doneUpTo.set(hosted, version);
      this.#noteBeginning(transformation, hosted);
    }
    return true;
  }

  /** All nodes write the same events, so the ledger takes them from the first one. */
  #noteBeginning(transformation: Transformation, { store }: HostedEventStore): void {
    if (this.#begun.has(transformation)) return;
    const { context, version, firstToken, lastToken } = transformation;
    const ledger = this.#options.ledger.of(context, 'EVENT');
    for (const block of store.transactionsFrom(firstToken)) {
      if (block.firstToken > lastToken) break;
      ledger.noteVersion(version, block.firstToken, block.events);
    }
    this.#begun.add(transformation);
    this.#spreading.add(transformation);
    this.#write();
  }

  /** From now on no node has an older version, if none that may have is stopped. */
  #noteSpread(): void {
    for (const transformation of this.#spreading) {
      const { context, version } = transformation;
      const group = this.#options.groupOfContext(context);
      const isEverywhere = group.plan.members.every(({ nodeName, role }) => {
        if (!roleTraits[role].storesEvents) return true;
        const hosted = group.member(nodeName)?.contexts.get(context)?.EVENT;
        return hosted !== undefined && (this.#doneUpTo.get(hosted) ?? 0) >= version;
      });
      if (!isEverywhere) continue;
      this.#options.ledger.of(context, 'EVENT').noteEverywhere(version, this.#options.clock.nowMs);
      this.#spreading.delete(transformation);
    }
  }

  #planRetry(): void {
    if (this.#isRetryPlanned) return;
    this.#isRetryPlanned = true;
    this.#options.clock.after(RETRY_MS, () => {
      this.#isRetryPlanned = false;
      this.catchUp();
    });
  }

  #requireVersions(): void {
    if (this.#options.hasVersions) return;
    throw new AxonError('conflict', 'This release has no versions of segments: start with --server-version 2023.2');
  }

  #checkTokens({ name, leader }: ReplicationGroup, context: string, firstToken: bigint, lastToken: bigint): void {
    if (leader === null) throw new AxonError('no-leader', `Replication group ${name} has no leader`);
    const store = leader.contexts.get(context)?.EVENT.store;
    if (store === undefined) throw new Error(`The leader of ${name} has no event store`);
    if (firstToken <= lastToken && firstToken >= store.firstToken && lastToken < store.nextToken) return;
    const there = store.nextToken === store.firstToken ? 'no events' : `${store.firstToken} to ${store.nextToken - 1n}`;
    throw new AxonError('bad-request', `tokens ${firstToken} to ${lastToken}: ${context} holds ${there}`);
  }

  #isKnown(transformation: Transformation): boolean {
    const { context, version, lastToken } = transformation;
    const group = this.#options.groupOfContext(context);
    if (group.leader !== null && group.nextToken(context, 'EVENT') <= lastToken) return false;
    return !this.#begun.has(transformation) || this.#highestOnDisk(context, group) >= version;
  }

  #write(): void {
    const noted = this.#noted.map((each) => ({ ...each, hasBegun: this.#begun.has(each) }));
    writeTransformations(this.#options.dataDir, noted, this.#options.clock.nowMs);
  }

  /** A folder may have versions that are not noted in it: files of another cluster were put there. */
  #highestVersion(context: string, group: ReplicationGroup): number {
    const noted = this.#noted.filter((each) => each.context === context).map(({ version }) => version);
    return Math.max(this.#highestOnDisk(context, group), ...noted);
  }

  #highestOnDisk(context: string, group: ReplicationGroup): number {
    let highest = 0;
    for (const member of group.members) {
      highest = Math.max(highest, member.contexts.get(context)?.EVENT.store.highestVersion ?? 0);
    }
    return highest;
  }
}

interface Failure {
  readonly member: GroupMember;
  readonly error: AxonError;
}

function reportAll(failures: readonly Failure[]): void {
  for (const { member, error } of failures) member.reportFailure('Transformation failed', error.message);
}

function segmentsWith(
  { context, version, firstToken, lastToken }: Transformation,
  group: ReplicationGroup,
): ReadonlyMap<string, readonly bigint[]> {
  const segments = new Map<string, readonly bigint[]>();
  for (const member of group.members) {
    const store = member.contexts.get(context)?.EVENT.store;
    const own = store?.closedHolding(firstToken, lastToken).filter((each) => store.versionOf(each) === version) ?? [];
    if (own.length > 0) segments.set(member.nodeName, own);
  }
  return segments;
}
