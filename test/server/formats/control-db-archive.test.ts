import { unzipSync, zipSync } from 'fflate';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import {
  CONTROL_DB_FILE_NAME,
  decodeControlDbArchive,
  encodeControlDbArchive,
  formatControlDbArchiveName,
} from '../../../server/formats/control-db-archive.ts';

const modifiedAtMs = Date.UTC(2024, 4, 5, 6, 7, 8);
const database = new TextEncoder().encode('any bytes at all, some of them again and again and again');
const hostTimeZone = process.env['TZ'];

function archiveAt(time: number): Uint8Array {
  return encodeControlDbArchive(database, time);
}

/** The failure of decoding these bytes; fails the test when there is none. */
function failureOf(bytes: Uint8Array): AxonError {
  try {
    decodeControlDbArchive(bytes);
  } catch (error) {
    if (error instanceof AxonError) return error;
    throw error;
  }
  throw new Error('The archive was accepted');
}

describe('a control database archive', () => {
  afterEach(() => {
    if (hostTimeZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = hostTimeZone;
  });

  test('is named by the millisecond of the backup', () => {
    expect(formatControlDbArchiveName(1_595_498_731_123)).toBe('controldb1595498731123.zip');
  });

  test('gives back the database that was packed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(4e12), (bytes, time) => {
        expect(decodeControlDbArchive(encodeControlDbArchive(bytes, time))).toEqual(bytes);
      }),
    );
  });

  test('has the bytes of a streamed zip with one deflated entry', () => {
    const hex = Buffer.from(encodeControlDbArchive(Buffer.from('HH'), modifiedAtMs)).toString('hex');
    const name = Buffer.from('axonserver-controldb.mv.db').toString('hex');
    const checksum = '501e7e01';
    expect(hex).toBe(
      [
        `504b0304 1400 0808 0800 e430a558 00000000 00000000 00000000 1a00 0000 ${name}`,
        'f3f00000',
        `504b0708 ${checksum} 04000000 02000000`,
        `504b0102 1400 1400 0808 0800 e430a558 ${checksum} 04000000 02000000 1a00 0000 0000 0000 0000 00000000 00000000`,
        name,
        '504b0506 0000 0000 0100 0100 48000000 4c000000 0000',
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });

  test('is the same in every time zone, at times that some zones do not have', () => {
    // 02:30 on this day does not exist in Berlin: clocks go from 02:00 to 03:00.
    const times = [
      modifiedAtMs,
      Date.UTC(2024, 2, 31, 2, 30),
      Date.UTC(2024, 0, 1),
      Date.UTC(2023, 11, 31, 23, 59, 59),
    ];
    const archivesIn = (zone: string) => {
      process.env['TZ'] = zone;
      return times.map((time) => Buffer.from(encodeControlDbArchive(database, time)).toString('hex'));
    };
    const inUtc = archivesIn('UTC');
    expect(new Date(modifiedAtMs).getHours()).toBe(6);
    expect(archivesIn('Asia/Tokyo')).toEqual(inUtc);
    expect(new Date(modifiedAtMs).getHours()).toBe(15);
    expect(archivesIn('Europe/Berlin')).toEqual(inUtc);
    expect(archivesIn('Pacific/Honolulu')).toEqual(inUtc);
  });

  test('takes the nearest time that a zip can hold', () => {
    expect(archiveAt(0)).toEqual(archiveAt(Date.UTC(1980, 0, 1)));
    expect(archiveAt(Date.UTC(2200, 0, 1))).toEqual(archiveAt(Date.UTC(2107, 11, 31, 23, 59, 58)));
  });

  test('opens with other tools', () => {
    const files = unzipSync(encodeControlDbArchive(database, modifiedAtMs));
    expect(files).toEqual({ [CONTROL_DB_FILE_NAME]: database });
  });

  test('may have been packed by another tool, stored, and beside other entries', () => {
    const readme = new TextEncoder().encode('a note');
    const packed = zipSync({ 'readme.txt': readme, [CONTROL_DB_FILE_NAME]: database });
    const merelyStored = zipSync({ [CONTROL_DB_FILE_NAME]: database }, { level: 0 });
    expect(decodeControlDbArchive(packed)).toEqual(database);
    expect(decodeControlDbArchive(merelyStored)).toEqual(database);
  });

  test('may lie in the middle of a larger buffer', () => {
    const archive = encodeControlDbArchive(database, modifiedAtMs);
    const buffer = new Uint8Array(archive.length + 20);
    buffer.set(archive, 10);
    expect(decodeControlDbArchive(buffer.subarray(10, 10 + archive.length))).toEqual(database);
  });

  test('is rejected wherever it is cut short', () => {
    const archive = encodeControlDbArchive(database, modifiedAtMs);
    for (let length = 0; length < archive.length; length += 1) {
      expect(failureOf(archive.subarray(0, length)).kind).toBe('control-db-unreadable');
    }
  });

  test('never gives other bytes than were packed when one byte of it is damaged', () => {
    const archive = encodeControlDbArchive(database, modifiedAtMs);
    for (let position = 0; position < archive.length; position += 1) {
      for (const flip of [0x01, 0x10, 0xff]) {
        const damaged = archive.slice();
        damaged[position] = (damaged[position] ?? 0) ^ flip;
        const outcome = decodeOrNull(damaged);
        if (outcome !== null) expect(outcome).toEqual(database);
      }
    }
  });

  test('is rejected when its checksum does not fit the database', () => {
    const damaged = encodeControlDbArchive(database, modifiedAtMs);
    const centralAt = damaged.length - 22 - 46 - CONTROL_DB_FILE_NAME.length;
    damaged[centralAt + 16] = (damaged[centralAt + 16] ?? 0) ^ 1;
    expect(failureOf(damaged).message).toContain(`the CRC-32 of ${CONTROL_DB_FILE_NAME} should be`);
  });

  test('is rejected when it holds something else, which is named', () => {
    const failure = failureOf(zipSync({ 'notes.txt': database }));
    expect(failure.kind).toBe('control-db-unreadable');
    expect(failure.message).toContain(`it holds notes.txt and no ${CONTROL_DB_FILE_NAME}`);
    expect(failureOf(zipSync({})).message).toContain('it holds nothing');
  });

  test('is rejected when it is no zip at all', () => {
    expect(failureOf(database).message).toContain('it is no zip file');
    expect(failureOf(new Uint8Array()).message).toContain('it is no zip file');
  });
});

function decodeOrNull(bytes: Uint8Array): Uint8Array | null {
  try {
    return decodeControlDbArchive(bytes);
  } catch (error) {
    if (error instanceof AxonError) return null;
    throw error;
  }
}
