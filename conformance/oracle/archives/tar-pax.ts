import { ArchiveError } from './archive-entry.ts';

/*
 * Attributes of a pax header: records `<length> <key>=<value>\n`, one after the other, the length that of the whole record
 * in decimal.
 */

/** Attributes that are numbers of bytes, or of pieces. */
const counts: ReadonlySet<string> = new Set([
  'size',
  'GNU.sparse.size',
  'GNU.sparse.realsize',
  'GNU.sparse.numblocks',
  'SCHILY.realsize',
]);
const times: ReadonlySet<string> = new Set(['mtime', 'atime', 'ctime']);

/** Nothing that has a size of more digits is in a backup, and numbers of fewer are exact. */
const count = /^\d{1,15}$/;
const time = /^-?\d{1,13}(?:\.\d*)?$/;

/**
 * The size that the attributes give to the file behind them, null where they give none. `headerAt` is the offset that a
 * failure names. Fails with an ArchiveError where a record, a size or a time makes no sense.
 */
export function requireSoundPax(records: Buffer, headerAt: number): { readonly sizeBytes: number | null } {
  const fail = (what: string): never => {
    throw new ArchiveError(`it is damaged at offset ${headerAt}: ${what}`);
  };
  let sizeBytes: number | null = null;
  for (let at = 0; at < records.length && records[at] !== 0;) {
    const spaceAt = records.indexOf(0x20, at);
    const length = spaceAt < 0 ? '' : records.toString('latin1', at, Math.min(spaceAt, at + 16));
    const end = at + Number(length);
    if (!count.test(length) || end > records.length || end <= spaceAt || records[end - 1] !== 0x0a) {
      return fail('a record of attributes');
    }
    const record = records.toString('utf8', spaceAt + 1, end - 1);
    const key = record.slice(0, Math.max(0, record.indexOf('=')));
    const value = record.slice(key.length + 1);
    if (counts.has(key) && !count.test(value)) fail(`${key} is "${shorten(value)}" and no number of bytes`);
    if (times.has(key) && value !== '' && !time.test(value)) fail(`${key} is "${shorten(value)}" and no time`);
    if (key === 'size') sizeBytes = Number(value);
    at = end;
  }
  return { sizeBytes };
}

function shorten(value: string): string {
  return value.length <= 40 ? value : `${value.slice(0, 40)}…`;
}
