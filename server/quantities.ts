import { AxonError } from './errors.ts';

const bytesPerUnit: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1024,
  KIB: 1024,
  MB: 1024 ** 2,
  MIB: 1024 ** 2,
  GB: 1024 ** 3,
  GIB: 1024 ** 3,
};

const millisecondsPerUnit: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** What a message repeats of a text that may be anything. */
const MOST_ECHOED = 60;

/** `1MiB`, `256KB`, `1000` → bytes. As in the server's own configuration KB and KiB are the same 1024 bytes. */
export function parseSize(text: string): number {
  const match = /^(?<number>\d+(?:\.\d+)?)\s*(?<unit>[A-Za-z]*)$/.exec(text.trim());
  const factor = bytesPerUnit[match?.groups?.['unit']?.toUpperCase() ?? '?'];
  const bytes = Math.floor(Number(match?.groups?.['number']) * (factor ?? Number.NaN));
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new AxonError('bad-option', `"${abridge(text)}" is not a size: write 64KiB, 1MiB, 2GiB or a number of bytes`);
}

/** `90s`, `31m`, `2h`, `1h30m`, `250ms` → milliseconds. */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  // Sticky, so that a part begins where the one before it ends, and a long text without a unit is read but once.
  const part = /(?<number>\d+(?:\.\d+)?)(?<unit>ms|s|m|h|d)/y;
  let total = trimmed === '' ? Number.NaN : 0;
  while (part.lastIndex < trimmed.length) {
    const match = part.exec(trimmed);
    if (match === null) {
      total = Number.NaN;
      break;
    }
    total += Number(match.groups?.['number']) * (millisecondsPerUnit[match.groups?.['unit'] ?? ''] ?? Number.NaN);
  }
  const rounded = Math.round(total);
  if (Number.isSafeInteger(rounded)) return rounded;
  throw new AxonError('bad-option', `"${abridge(text)}" is not a duration: write 90s, 31m, 2h or 1h30m`);
}

function abridge(text: string): string {
  return text.length <= MOST_ECHOED ? text : `${text.slice(0, MOST_ECHOED)}…`;
}
