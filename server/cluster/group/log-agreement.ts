import type { Role } from '../../formats/log-entry-data.ts';
import type { GroupMember } from '../member/group-member.ts';
import { roleTraits } from '../terms/roles.ts';

/** The last index up to which a follower's log is the leader's; 0 where they share nothing that the leader still has. */
export function lastAgreedIndex(leader: GroupMember, member: GroupMember): number {
  if (member === leader) return leader.log.lastIndex;
  let index = Math.min(member.log.lastIndex, leader.log.lastIndex);
  // Committed entries never conflict, so the walk ends there at the latest; it is short, since terms change seldom.
  while (index > member.commitIndex && member.log.termAt(index) !== leader.log.termAt(index)) index--;
  return index;
}

/** The better candidate: the later last term, then the longer log; of equals the one that was asked first. */
export function moreUpToDate(best: GroupMember | null, member: GroupMember): GroupMember {
  if (best === null) return member;
  const isLater = member.lastTerm > best.lastTerm;
  const isLonger = member.lastTerm === best.lastTerm && member.log.lastIndex > best.log.lastIndex;
  return isLater || isLonger ? member : best;
}

/** How many members of a group, running or not, have a say, by what their word is worth. */
export interface Quorum {
  readonly majority: number;
  readonly one: number;
}

export function quorumOf(members: ReadonlyArray<{ readonly role: Role }>): Quorum {
  const count = (worth: keyof Quorum): number =>
    members.filter(({ role }) => roleTraits[role].confirms === worth).length;
  return { majority: count('majority'), one: count('one') };
}

/** The highest index that enough members hold for it to be committed; 0 where too few of them run. */
export function confirmedIndex(leader: GroupMember, running: Iterable<GroupMember>, quorum: Quorum): number {
  const held: Record<keyof Quorum, number[]> = { majority: [], one: [] };
  for (const member of running) {
    const { confirms } = roleTraits[member.identity.role];
    if (confirms !== 'never') held[confirms].push(lastAgreedIndex(leader, member));
  }
  const byMajority = held.majority.toSorted((a, b) => b - a)[Math.floor(quorum.majority / 2)] ?? 0;
  return quorum.one === 0 ? byMajority : Math.min(byMajority, Math.max(0, ...held.one));
}

/** Whether enough members run to elect a leader, and to keep one. */
export function isQuorate(running: Iterable<GroupMember>, quorum: Quorum): boolean {
  const count = quorumOf([...running].map(({ identity }) => identity));
  return count.majority > quorum.majority / 2 && (quorum.one === 0 || count.one > 0);
}
