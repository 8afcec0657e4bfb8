import * as fs from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeParts, type NamedPart } from '../../../conformance/oracle/verification/merge-parts.ts';
import { asPart, type VerificationPart } from '../../../conformance/oracle/verification/verification-part.ts';
import { verifyBackup, type VerifyOptions } from '../../../conformance/oracle/verification/verify-backup.ts';
import { verifyPart } from '../../../conformance/oracle/verification/verify-part.ts';
import { sharedBackup } from '../../support/backups.ts';
import { eventFile, realBackup, type RealBackup } from '../../support/real-backups.ts';

const simulated = sharedBackup();

/** As they come back out of their files. */
async function partsOf(folder: string, count: number, options: VerifyOptions = {}): Promise<NamedPart[]> {
  const parts: NamedPart[] = [];
  for (let index = 1; index <= count; index++) {
    const part = asPart(JSON.parse(JSON.stringify(await verifyPart(folder, { index, count }, options))));
    if (part === null) throw new Error('what a part was written as is none');
    parts.push({ file: `part-${index}.json`, part });
  }
  return parts;
}

const spoils: ReadonlyArray<readonly [string, (backup: RealBackup) => void]> = [
  ['nothing', () => undefined],
  ['a gap', (backup) => fs.rmSync(eventFile(backup, 8))],
  ['a wrong checksum', (backup) => alter(eventFile(backup, 16), 60)],
  ['a segment that breaks off', (backup) => fs.truncateSync(eventFile(backup, 8), 200)],
  [
    'an index of other events',
    (backup) => fs.copyFileSync(eventFile(backup, 8, '.index'), eventFile(backup, 0, '.index')),
  ],
];

function alter(file: string, at: number): void {
  const bytes = fs.readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
}

describe('parts of a verification', () => {
  test('come to what one machine finds, however many there are and in whatever order', async () => {
    const backups = spoils.map(([, spoil], place) => {
      const backup = realBackup({ indexes: 'bloom-filter', entriesLess: place % 2, eventsLess: place === 1 ? 9 : 0 });
      spoil(backup);
      return backup.folder;
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...backups),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        fc.boolean(),
        async (folder, count, isReversed, isQuick) => {
          const parts = await partsOf(folder, count, { isQuick });
          const merged = await mergeParts(isReversed ? parts.toReversed() : parts);
          expect(merged).toEqual(await verifyBackup(folder, { isQuick }));
        },
      ),
      { numRuns: 12 },
    );
  });

  test('of a simulated server, on which a node is started, come to the same', async () => {
    const { folder } = simulated();
    expect(await mergeParts(await partsOf(folder, 3))).toEqual(await verifyBackup(folder));
  });

  test('read every segment and log once, and have about the same to read', async () => {
    const { folder } = simulated();
    const whole = (await partsOf(folder, 1))[0]?.part.read;
    const read = (await partsOf(folder, 3)).map(({ part }) => part.read);
    const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
    expect([sumOf(read.map(({ files }) => files)), sumOf(read.map(({ bytes }) => bytes))]).toEqual([
      whole?.files,
      whole?.bytes,
    ]);
    expect(Math.max(...read.map(({ bytes }) => bytes))).toBeLessThan(2 * Math.min(...read.map(({ bytes }) => bytes)));
  });

  test('tell what is wrong with their own files', async () => {
    const backup = realBackup();
    alter(eventFile(backup, 16), 60);
    const parts = await partsOf(backup.folder, 4);
    expect(parts.flatMap(({ part }) => part.problems)).toEqual([expect.objectContaining({ kind: 'bad-checksum' })]);
  });

  test.each<[string, (parts: NamedPart[], other: NamedPart[]) => NamedPart[], string]>([
    ['one is missing', (parts) => parts.slice(1), 'parts are missing: 1'],
    ['one is there twice', ([a, b]) => [a, b, b].flatMap((part) => part ?? []), 'are both part 2/2'],
    ['one is of another backup', ([a], [, b]) => [a, b].flatMap((part) => part ?? []), 'do not belong together'],
    ['one was altered', ([a, b]) => [a, altered(b)].flatMap((part) => part ?? []), 'was altered'],
  ])('are refused where %s', async (_what, choose, message) => {
    const [one, other] = [realBackup(), realBackup({ indexes: 'bloom-filter' })];
    const chosen = choose(await partsOf(one.folder, 2), await partsOf(other.folder, 2));
    await expect(mergeParts(chosen)).rejects.toMatchObject({
      kind: 'bad-option',
      message: expect.stringContaining(message),
    });
  });
});

function altered(named: NamedPart | undefined): NamedPart | undefined {
  if (named === undefined) return undefined;
  const part: VerificationPart = { ...named.part, content: `${named.part.content} ` };
  return { ...named, part };
}
