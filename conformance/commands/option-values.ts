import { InvalidArgumentError } from 'commander';
import { isBail, isJobs, isShard, isTimeout, MOST_JOBS, MOST_SHARDS } from '../check/selection/option-limits.ts';
import { parseClientUser, type ClientUser } from '../driver/client-user.ts';
import type { Shard } from '../verdict/report.ts';
import { contextPathFault } from '../../server/index.ts';
import { parseDuration } from '../../server/quantities.ts';

/** A whole number, in digits alone. */
export function parseWhole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A whole number is wanted.');
  return Number(text);
}

/** How many things go on side by side. */
export function parseCount(text: string): number {
  const count = parseWhole(text);
  if (!isJobs(count)) throw new InvalidArgumentError(`A number from 1 to ${MOST_JOBS} is wanted.`);
  return count;
}

/** How many failed scenarios are enough. */
export function parseBail(text: string): number {
  const failures = parseWhole(text);
  if (!isBail(failures)) throw new InvalidArgumentError('A number from 1 on is wanted.');
  return failures;
}

/** `2/4`: the second of four parts. */
export function parseShard(text: string): Shard {
  const [, index = '', count = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (!isShard(shard)) {
    throw new InvalidArgumentError(`Write I/N, such as 1/4 to 4/4, with an N of at most ${MOST_SHARDS}.`);
  }
  return shard;
}

/** Words between commas; `all` is none of them. */
export function parseList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'all');
}

/** How long a run may take: `90s` → milliseconds. */
export function parseTimeout(text: string): number {
  const timeoutMs = parseTime(text);
  if (!isTimeout(timeoutMs)) throw new InvalidArgumentError('A time from 1ms to 24d is wanted.');
  return timeoutMs;
}

function parseTime(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

/** Below which every public path of a cluster lies. */
export function parseContextPath(text: string): string {
  const fault = contextPathFault(text);
  if (fault !== null) throw new InvalidArgumentError(`${fault}.`);
  return text;
}

/** An option that is nothing without a text. */
export function parseText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  return text;
}

/** A glob of ids; the option may be given several times. */
export function collectGlobs(value: string, before: readonly string[]): string[] {
  if (value === '') throw new InvalidArgumentError('A glob of ids is wanted, such as log/**.');
  return [...before, value];
}

/** A file; the option may be given several times. */
export function collectFiles(value: string, before: readonly string[]): string[] {
  return [...before, parseText(value)];
}

/** `1001:1001`: as whom a client runs. */
export function parseUser(text: string): ClientUser {
  const user = parseClientUser(text);
  if (user !== null) return user;
  throw new InvalidArgumentError('Write UID or UID:GID, in numbers: 1001:1001.');
}
