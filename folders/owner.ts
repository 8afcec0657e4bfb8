import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import os from 'node:os';
import { stateOf } from './process-state.ts';

/**
 * Whose a temporary folder is, as its name has it: `4711-8812345-0a1b2c3d`. A process number alone would do for a while: it
 * is given anew, also after a restart of the machine, so the time at which the process began stands beside it. Numbers mean
 * nothing on another machine or in another container, which may share the folder for temporary files: hence the place.
 */
export interface Owner {
  readonly pid: number;
  /** When it began, in the system's own unit; null where the system does not tell. */
  readonly started: bigint | null;
  /** Machine and container. */
  readonly place: string;
}

/** This process. */
export function thisOwner(): Owner {
  const me = stateOf(process.pid);
  return { pid: process.pid, started: me.state === 'living' ? me.started : null, place: thisPlace() };
}

export function formatOwner({ pid, started, place }: Owner): string {
  return `${pid}-${started ?? 'x'}-${place}`;
}

/** Null for a text that no `formatOwner` has written. */
export function parseOwner(text: string): Owner | null {
  const match = /^([1-9]\d{0,9})-(\d{1,20}|x)-([0-9a-f]{8})$/.exec(text);
  if (match === null) return null;
  const [, pid = '', started = '', place = ''] = match;
  return { pid: Number(pid), started: started === 'x' ? null : BigInt(started), place };
}

/** Whether the owner has certainly ended. One of another place may live, and so may one of which the system tells nothing. */
export function isCertainlyGone(owner: Owner, here: Owner = thisOwner()): boolean {
  if (owner.place !== here.place) return false;
  const now = stateOf(owner.pid);
  if (now.state === 'gone') return true;
  return now.state === 'living' && owner.started !== null && now.started !== owner.started;
}

function thisPlace(): string {
  const container = linkOrNothing('/proc/self/ns/pid');
  return createHash('sha256').update(`${os.hostname()}\n${container}`).digest('hex').slice(0, 8);
}

function linkOrNothing(link: string): string {
  try {
    return fs.readlinkSync(link);
  } catch {
    return '';
  }
}
