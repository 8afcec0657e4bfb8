import { AxonError } from '../../errors.ts';
import { encodeLeaderElected, encodeNewConfiguration, type EventType } from '../../formats/log-entry-data.ts';
import { encodeLogEntry, logEntryTypes } from '../../formats/log-segment.ts';
import type { Timer } from '../../time-and-chance/clock.ts';
import type { GroupMember } from '../member/group-member.ts';
import { confirmedIndex, isQuorate, lastAgreedIndex, moreUpToDate, quorumOf, type Quorum } from './log-agreement.ts';
import { decodeLogPayload, dummyInstead, type LogPayload } from '../terms/log-payload.ts';
import { PayloadsUnderWay } from './payloads-under-way.ts';
import type { ReplicationGroupOptions } from './replication-group-options.ts';
import { roleTraits } from '../terms/roles.ts';
import { configurationOf, type ReplicationGroupPlan } from '../terms/topology.ts';

/** `initial-election-timeout` and `max-election-timeout` of the server. */
const SHORTEST_ELECTION_MS = 1000;
const LONGEST_ELECTION_MS = 2500;
const MOST_ENTRIES_PER_ROUND = 1000;
const MOST_BYTES_PER_ROUND = 4 << 20;
/** A follower that could not be served is tried again after so long. */
const RETRY_MS = 1000;

/**
 * A replication group: it has a leader, and brings every entry to every running member. It keeps Raft's promises as far
 * as a backup can see them: logs agree up to the commit index; applied ≤ commit ≤ last; terms never go back.
 *
 * What a member's word is worth goes by its role. Not simulated: votes as messages, heartbeats.
 */
export class ReplicationGroup {
  readonly plan: ReplicationGroupPlan;
  readonly #options: ReplicationGroupOptions;
  readonly #members = new Map<string, GroupMember>();
  readonly #payloads = new PayloadsUnderWay();
  /** Followers to which entries are on their way. */
  readonly #rounds = new Map<GroupMember, Timer>();
  readonly #nextTokens = new Map<string, bigint>();
  #leader: GroupMember | null = null;
  #election: Timer | null = null;
  #acknowledgedIndex = 0;
  /** Terms are stored up to a second late; two leaders of one term would write different entries to one index. */
  #highestTerm = 0;
  readonly #quorum: Quorum;

  constructor(options: ReplicationGroupOptions) {
    this.#options = options;
    this.plan = options.plan;
    this.#quorum = quorumOf(options.plan.members);
  }

  get name(): string {
    return this.plan.name;
  }

  /** The member that takes writes, or null while there is none. */
  get leader(): GroupMember | null {
    return this.#leader;
  }

  /** Index up to which everything was acknowledged. */
  get acknowledgedIndex(): number {
    return this.#acknowledgedIndex;
  }

  member(nodeName: string): GroupMember | null {
    return this.#members.get(nodeName) ?? null;
  }

  get members(): Iterable<GroupMember> {
    return this.#members.values();
  }

  /** A node has started with its part of the group. */
  join(member: GroupMember): void {
    this.#members.set(member.nodeName, member);
    // What a leader has applied late is acknowledged then, and not with the next entry.
    member.onCaughtUp = () => {
      if (member === this.#leader) this.#acknowledge(member);
    };
    if (this.#leader !== null) this.#replicateTo(member);
    else this.#planElection(this.#electionDelayMs());
  }

  /** A node has stopped. Without its leader, or with too few members, the group takes no more writes. */
  leave(nodeName: string): void {
    const member = this.#members.get(nodeName);
    if (member === undefined) return;
    this.#members.delete(nodeName);
    this.#rounds.get(member)?.cancel();
    this.#rounds.delete(member);
    if (this.#leader === null || (member !== this.#leader && this.#isQuorate)) return;
    const { clock, announce } = this.#options;
    announce({ atMs: clock.nowMs, kind: 'leader-lost', group: this.name, node: this.#leader.nodeName });
    this.#leader = null;
    this.#planElection(this.#electionDelayMs());
  }

  /** Holds the first election at once, as when a cluster is set up. */
  electNow(): void {
    this.#election?.cancel();
    this.#elect();
  }

  /** Writes what the logs of all running members hold in memory. */
  flushLogs(): void {
    for (const { log } of this.#members.values()) log.settle(false);
  }

  /** The token that the next event, or snapshot, of a context gets from the leader. */
  nextToken(context: string, type: EventType): bigint {
    return this.#nextTokens.get(`${type}/${context}`) ?? 0n;
  }

  /**
   * Writes an entry on the leader and sends it on its way; returns its index. `payload` is what `data` encodes. Fails
   * with `no-leader`, or with `transaction-too-large` where no log segment can hold it.
   */
  propose(data: Buffer, payload: LogPayload): number {
    const leader = this.#leader;
    if (leader === null) {
      const backup = this.#quorum.one === 0 ? '' : ', and one of its ACTIVE_BACKUP nodes,';
      const reason = `Replication group ${this.name} has no leader: a majority of its nodes${backup} must run`;
      throw new AxonError('no-leader', reason);
    }
    return this.#write(leader, logEntryTypes.serializedObject, data, payload);
  }

  #write(leader: GroupMember, type: number, data: Buffer, payload: LogPayload = { kind: 'none' }): number {
    const record = encodeLogEntry({ term: leader.currentTerm, type, data });
    leader.log.checkSize(record.length);
    leader.append(record, leader.currentTerm);
    const index = leader.log.lastIndex;
    this.#keepPayload(index, payload);
    this.#advanceCommit();
    return index;
  }

  /** One round: what the leader has now reaches the follower a little later, with the leader's commit index. */
  #replicateTo(member: GroupMember): void {
    const leader = this.#leader;
    if (leader === null || member === leader || this.#rounds.has(member)) return;
    const upTo = leader.log.lastIndex;
    const commitIndex = Math.min(leader.commitIndex, upTo);
    const isUpToDate = member.log.lastIndex === upTo && lastAgreedIndex(leader, member) === upTo;
    if (isUpToDate && member.commitIndex >= commitIndex) return;
    const { clock, random } = this.#options;
    const delayMs = random.integer(...roleTraits[member.identity.role].roundMs) + member.extraLagMs;
    const timer = clock.after(delayMs, () => {
      this.#rounds.delete(member);
      if (leader === this.#leader) this.#tryToBring(leader, member, upTo, commitIndex);
      this.#advanceCommit();
    });
    this.#rounds.set(member, timer);
  }

  /** One follower that cannot be served, since files are damaged or the disk is full, must not stop the others. */
  #tryToBring(leader: GroupMember, member: GroupMember, upTo: number, commitIndex: number): void {
    try {
      this.#bring(leader, member, upTo, commitIndex);
    } catch (error) {
      if (!(error instanceof AxonError)) throw error;
      member.reportFailure(`Replication from ${leader.nodeName} failed`, error.message);
      const retry = (): void => {
        this.#rounds.delete(member);
        this.#replicateTo(member);
      };
      this.#rounds.set(member, this.#options.clock.after(RETRY_MS, retry));
    }
  }

  #bring(leader: GroupMember, member: GroupMember, upTo: number, commitIndex: number): void {
    const agreed = lastAgreedIndex(leader, member);
    // The second is what a crash leaves right after a snapshot was installed: its pointers were not stored yet.
    if (agreed + 1 < leader.log.firstIndex || agreed + 1 < member.log.firstIndex) {
      member.installSnapshot(leader);
      return;
    }
    if (agreed < member.log.lastIndex) member.truncateAfter(agreed);
    const last = Math.min(upTo, agreed + MOST_ENTRIES_PER_ROUND);
    const { storesEvents } = roleTraits[member.identity.role];
    let bytes = 0;
    for (let index = agreed + 1; index <= last && bytes < MOST_BYTES_PER_ROUND; index++) {
      const record = leader.log.readRecord(index);
      bytes += record.length;
      member.append(storesEvents ? record : dummyInstead(record, index), leader.log.termAt(index));
    }
    member.commit(commitIndex, this.#payloadOf);
  }

  /** Commits what enough members hold; then the leader applies, and the followers are told. */
  #advanceCommit(): void {
    const leader = this.#leader;
    if (leader === null) return;
    if (leader.commitIndex < leader.log.lastIndex) {
      const confirmed = confirmedIndex(leader, this.#members.values(), this.#quorum);
      // An entry of an older term counts only once one of the leader's own term is held, too (Raft, section 5.4.2).
      const isOwnTerm = leader.log.termAt(confirmed) === leader.currentTerm;
      if (confirmed > leader.commitIndex && isOwnTerm) leader.commit(confirmed, this.#payloadOf);
    }
    this.#acknowledge(leader);
    for (const member of this.#members.values()) this.#replicateTo(member);
  }

  #acknowledge(leader: GroupMember): void {
    while (this.#acknowledgedIndex < leader.appliedIndex) {
      this.#acknowledgedIndex++;
      const payload = this.#payloads.at(this.#acknowledgedIndex);
      if (payload !== null) this.#options.acknowledge(this.#acknowledgedIndex, payload);
    }
    this.#forgetPayloads();
  }

  readonly #payloadOf = (member: GroupMember, index: number): LogPayload => {
    return this.#payloads.at(index) ?? decodeLogPayload(member.log.read(index), this.name);
  };

  #keepPayload(index: number, payload: LogPayload): void {
    this.#payloads.keep(index, payload);
    if (payload.kind !== 'append') return;
    const { firstToken, eventCount } = payload.transaction;
    this.#nextTokens.set(`${payload.type}/${payload.context}`, firstToken + BigInt(eventCount));
  }

  /** Payloads go once every running member has applied them. */
  #forgetPayloads(): void {
    let applied = this.#acknowledgedIndex;
    for (const member of this.#members.values()) applied = Math.min(applied, member.appliedIndex);
    this.#payloads.forget(applied, this.#acknowledgedIndex);
  }

  get #isQuorate(): boolean {
    return isQuorate(this.#members.values(), this.#quorum);
  }

  #planElection(delayMs: number): void {
    this.#election?.cancel();
    this.#election = this.#options.clock.after(delayMs, () => this.#elect());
  }

  #elect(): void {
    this.#election = null;
    const running = [...this.#members.values()];
    if (!this.#isQuorate) return;
    const leader = running.filter(({ identity }) => roleTraits[identity.role].canLead).reduce(moreUpToDate, null);
    if (leader === null) return;
    const term = Math.max(this.#highestTerm, ...running.map((member) => member.currentTerm)) + 1;
    this.#highestTerm = term;
    for (const member of running) {
      member.currentTerm = term;
      member.votedFor = leader.identity.nodeId;
    }
    try {
      this.#takeOver(leader);
    } catch (error) {
      if (!(error instanceof AxonError)) throw error;
      leader.reportFailure('Cannot lead', error.message);
      this.#planElection(this.#electionDelayMs());
      return;
    }
    this.#lead(leader);
  }

  #lead(leader: GroupMember): void {
    const { clock, announce } = this.#options;
    const isFirst = leader.log.lastIndex === 0;
    this.#leader = leader;
    for (const timer of this.#rounds.values()) timer.cancel();
    this.#rounds.clear();
    const { nodeName: node, currentTerm: term } = leader;
    announce({ atMs: clock.nowMs, kind: 'leader-elected', group: this.name, node, term });
    this.#write(leader, logEntryTypes.leaderElected, encodeLeaderElected(leader.identity.nodeId));
    if (!isFirst) return;
    this.#write(leader, logEntryTypes.newConfiguration, encodeNewConfiguration(configurationOf(this.plan)));
  }

  /** A new leader counts its tokens from its event store and from what its log holds unapplied (section 5.4). */
  #takeOver(leader: GroupMember): void {
    // What an earlier leader has committed and acknowledged to nobody is there all the same, for everybody to read.
    for (const [index, payload] of this.#payloads.between(this.#acknowledgedIndex, leader.appliedIndex)) {
      this.#options.acknowledge(index, payload);
    }
    this.#payloads.clear();
    this.#acknowledgedIndex = Math.max(this.#acknowledgedIndex, leader.appliedIndex);
    for (const [context, stores] of leader.contexts) {
      for (const { type, store } of [stores.EVENT, stores.SNAPSHOT]) {
        this.#nextTokens.set(`${type}/${context}`, store.nextToken);
      }
    }
    for (const [context, { type, store }] of leader.dcbContexts) {
      this.#nextTokens.set(`${type}/${context}`, store.nextToken);
    }
    for (let index = Math.max(leader.appliedIndex + 1, leader.log.firstIndex); index <= leader.log.lastIndex; index++) {
      this.#keepPayload(index, decodeLogPayload(leader.log.read(index), this.name));
    }
  }

  #electionDelayMs(): number {
    return this.#options.random.integer(SHORTEST_ELECTION_MS, LONGEST_ELECTION_MS);
  }
}
