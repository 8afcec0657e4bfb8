import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../server/quantities.ts';

/** An option that may be given several times. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** A whole number, in digits alone. */
export function parseWhole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A whole number is wanted.');
  return Number(text);
}

/** How many things go on side by side. */
export function parseCount(text: string): number {
  const count = parseWhole(text);
  if (count < 1 || count > 256) throw new InvalidArgumentError('A number from 1 to 256 is wanted.');
  return count;
}

/** `90s` → milliseconds. */
export function parseTime(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
