import { InvalidArgumentError } from 'commander';
import { isJobs, isTimeout, MOST_JOBS } from '../check/option-limits.ts';
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

/** Names apart by commas; `all`, what every client is taken to do, adds nothing. */
export function parseCapabilities(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'all');
}

/** `2/4`: the second of four parts. */
export function parseShard(text: string): { readonly part: number; readonly parts: number } {
  const { part, parts } = /^(?<part>\d{1,6})\/(?<parts>\d{1,6})$/.exec(text)?.groups ?? {};
  const shard = { part: Number(part), parts: Number(parts) };
  if (shard.part >= 1 && shard.part <= shard.parts) return shard;
  throw new InvalidArgumentError('A part of a number of parts is wanted: 1/4.');
}
