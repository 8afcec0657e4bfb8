import * as fs from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArchiveError } from '../../../conformance/oracle/archives/archive-entry.ts';
import { readInventory } from '../../../conformance/oracle/backup/backup-reader.ts';
import { readTarEntries } from '../../../conformance/oracle/archives/tar-entries.ts';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const cases = path.join(import.meta.dirname, '../../cases');
const BLOCK_BYTES = 512;

/** Takes from no budget. */
const free = (): void => undefined;

/** A header with its checksum; the fields are put in as bytes, whatever they say. */
function header(fields: { name?: string; size?: Buffer | string; mtime?: Buffer | string; type?: string }): Buffer {
  const { name = '00000000000000000000.events', size = '00000000000', mtime = '14500000000', type = '0' } = fields;
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, 0, 'latin1');
  block.write('0000644\0', 100, 'latin1');
  Buffer.from(size).copy(block, 124);
  Buffer.from(mtime).copy(block, 136);
  block.write(' '.repeat(8), 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write('ustar\0', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function blocks(content: string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([bytes, Buffer.alloc((BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES)]);
}

/** A file behind a pax header with one attribute. */
function withAttribute(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (`${length}${rest}`.length !== length) length = `${length}${rest}`.length;
  const record = `${length}${rest}`;
  const size = record.length.toString(8).padStart(11, '0');
  return Buffer.concat([
    header({ name: 'PaxHeader', type: 'x', size }),
    blocks(record),
    header({}),
    Buffer.alloc(2 * BLOCK_BYTES),
  ]);
}

const noNumber = Buffer.from([0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
const negative = Buffer.alloc(12, 0xff);
const huge = Buffer.from([0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

describe('a tar that lies about a number', () => {
  test.each(['size-field-no-number.tar', 'negative-realsize.tar', 'mtime-no-number.tar'])(
    '%s is damaged, and named with the offset',
    async (name) => {
      const { verdict, problems } = await verifyBackup(path.join(cases, name));
      expect(verdict).toBe('inconsistent');
      expect(problems).toEqual([
        { kind: 'unreadable', where: name, message: expect.stringMatching(/^it is damaged at offset \d+: /) },
      ]);
      const folder = temporaryFolder();
      fs.copyFileSync(path.join(cases, name), path.join(folder, name));
      const { unreadable } = await readInventory(folder, null, 1);
      expect(unreadable).toEqual([expect.stringContaining(`${name}: it is damaged at offset`)]);
    },
  );

  test.each([
    ['a size that begins with a byte of no number', header({ size: noNumber })],
    ['a negative size', header({ size: negative })],
    ['a size beyond all counting', header({ size: huge })],
    ['a size in other digits', header({ size: '0000000009x' })],
    ['a size beyond the end', header({ size: '77777777777' })],
    ['a time that begins with a byte of no number', header({ mtime: noNumber })],
    ['a time beyond all calendars', header({ mtime: huge })],
    ['a time in letters', header({ mtime: 'yesterday' })],
    ['an extension of no size', header({ type: 'x', size: noNumber })],
    ['an extension of gigabytes', header({ type: 'L', size: '37777777777' })],
    [
      'a record that is longer than all of them',
      Buffer.concat([header({ type: 'x', size: '00000000010' }), blocks('99 a=b\n\n')]),
    ],
    ['a record without a length', Buffer.concat([header({ type: 'g', size: '00000000010' }), blocks('size=-1\n')])],
    ['a size of -1', withAttribute('size', '-1')],
    ['a size of NaN', withAttribute('size', 'NaN')],
    ['a size of many digits', withAttribute('size', '9'.repeat(40))],
    ['a size beyond the end in an attribute', withAttribute('size', '100000')],
    ['a time of Infinity', withAttribute('mtime', 'Infinity')],
    ['a time of many digits', withAttribute('mtime', '9'.repeat(40))],
    ['a sparse size of 1e9', withAttribute('GNU.sparse.realsize', '1e9')],
  ])('%s', async (_what, bytes) => {
    await expect(readTarEntries(Buffer.concat([bytes, Buffer.alloc(2 * BLOCK_BYTES)]), free)).rejects.toThrow(
      ArchiveError,
    );
  });

  test('a folder may have any size: it has no data', async () => {
    const tar = Buffer.concat([
      header({ name: 'events/', type: '5', size: '00000007777' }),
      header({}),
      Buffer.alloc(1024),
    ]);
    expect((await readTarEntries(tar, free)).map(({ name }) => name)).toEqual(['00000000000000000000.events']);
  });

  test('a time before 1970 is a time', async () => {
    const [entry] = await readTarEntries(Buffer.concat([header({ mtime: negative }), Buffer.alloc(1024)]), free);
    expect(entry?.modifiedMs).toBeLessThanOrEqual(0);
  });
});

test('whatever bytes of a tar are altered, it is read or refused, and nothing waits', async () => {
  const original = fs.readFileSync(path.join(cases, 'mtime-no-number.tar'));
  const change = fc.record({ at: fc.nat(original.length - 1), byte: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (changes, mendsChecksums) => {
        const tar = Buffer.from(original);
        for (const { at, byte } of changes) tar[at] = byte;
        if (mendsChecksums)
          for (let at = 0; at < tar.length; at += BLOCK_BYTES) mendChecksum(tar.subarray(at, at + BLOCK_BYTES));
        try {
          for (const entry of await readTarEntries(tar, free)) expect(entry.extract(tar).length).toBe(entry.sizeBytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ArchiveError);
        }
      },
    ),
    { numRuns: 500 },
  );
});

/** Gives a block the checksum that it would need as a header, where it looks like one. */
function mendChecksum(block: Buffer): void {
  if (block.toString('latin1', 257, 262) !== 'ustar') return;
  block.write(' '.repeat(8), 148, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}
