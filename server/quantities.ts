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

/** `1MiB`, `256KB`, `1000` → bytes. As in the server's own configuration KB and KiB are the same 1024 bytes. */
export function parseSize(text: string): number {
  const match = /^(?<number>\d+(?:\.\d+)?)\s*(?<unit>[A-Za-z]*)$/.exec(text.trim());
  const factor = bytesPerUnit[match?.groups?.['unit']?.toUpperCase() ?? '?'];
  const bytes = Math.floor(Number(match?.groups?.['number']) * (factor ?? Number.NaN));
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new AxonError('bad-option', `"${text}" is not a size: write 64KiB, 1MiB, 2GiB or a number of bytes`);
}

/** `90s`, `31m`, `2h`, `1h30m`, `250ms` → milliseconds. */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  const parts = [...trimmed.matchAll(/(?<number>\d+(?:\.\d+)?)(?<unit>ms|s|m|h|d)/g)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === trimmed;
  const total = parts.reduce((sum, part) => {
    return sum + Number(part.groups?.['number']) * (millisecondsPerUnit[part.groups?.['unit'] ?? ''] ?? Number.NaN);
  }, 0);
  const rounded = Math.round(total);
  if (isWhole && Number.isSafeInteger(rounded)) return rounded;
  throw new AxonError('bad-option', `"${text}" is not a duration: write 90s, 31m, 2h or 1h30m`);
}
