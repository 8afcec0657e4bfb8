import type { GroupMember } from './group-member.ts';
import { isVoter } from './topology.ts';

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

/** The highest index that a majority of all `voters` holds; 0 where too few of them run. */
export function heldByMajority(leader: GroupMember, running: Iterable<GroupMember>, voters: number): number {
  const held: number[] = [];
  for (const member of running) if (isVoter(member.identity.role)) held.push(lastAgreedIndex(leader, member));
  held.sort((a, b) => b - a);
  return held[Math.floor(voters / 2)] ?? 0;
}

export function hasMajority(running: Iterable<GroupMember>, voters: number): boolean {
  let count = 0;
  for (const member of running) if (isVoter(member.identity.role)) count++;
  return count > voters / 2;
}
