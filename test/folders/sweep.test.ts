import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatOwner, thisOwner } from '../../folders/owner.ts';
import { limitKept, sweepAbandoned } from '../../folders/sweep.ts';
import { makeTemporaryFolder, parseFolderName } from '../../folders/temporary-folder.ts';
import { endedProcess } from '../support/ended-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/* A check that was killed left its folder in memory, 40 MB a scenario, until somebody restarted the machine. */

function nameOf(purpose: string, owner = endedProcess()): string {
  return `axon-backup-kit-${purpose}-${formatOwner(owner)}-Ab12Cd`;
}

function fill(folder: string): string {
  fs.mkdirSync(path.join(folder, 'cluster'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'cluster', 'a file'), 'bytes');
  return folder;
}

describe('a temporary folder of the kit', () => {
  test('says by its name what it is for, and whose it is', () => {
    const folder = makeTemporaryFolder(temporaryFolder(), 'check');
    expect(parseFolderName(path.basename(folder))).toEqual({ purpose: 'check', owner: thisOwner() });
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  });
});

describe('what killed processes have left', () => {
  test('goes, folder by folder, and is counted', () => {
    const place = temporaryFolder();
    const ended = endedProcess();
    fill(path.join(place, nameOf('check', ended)));
    fill(path.join(place, nameOf('verify', { ...ended, started: 1n })));
    fs.chmodSync(path.join(place, nameOf('check', ended)), 0o300);
    expect(sweepAbandoned(place)).toBe(2);
    expect(fs.readdirSync(place)).toEqual([]);
    expect(sweepAbandoned(place)).toBe(0);
  });

  test('of each command goes with the next of that command alone', () => {
    const place = temporaryFolder();
    for (const purpose of ['serve', 'check']) fill(path.join(place, nameOf(purpose)));
    expect(sweepAbandoned(place, ['serve'])).toBe(1);
    expect(fs.readdirSync(place)).toEqual([expect.stringMatching('-check-')]);
    expect(sweepAbandoned(place)).toBe(1);
    expect(fs.readdirSync(place)).toEqual([]);
  });

  test("stays where it is not certainly theirs, or not certainly the kit's", () => {
    const place = temporaryFolder();
    const ended = endedProcess();
    const others = [
      nameOf('check', thisOwner()),
      nameOf('check', { ...ended, place: ended.place === '00000000' ? '11111111' : '00000000' }),
      nameOf('kept'),
      nameOf('demo'),
      nameOf('other'),
      `my-${nameOf('check')}`,
      `${nameOf('check')}.bak`,
      'axon-backup-kit-check-XXXXXX',
    ];
    for (const name of others) fill(path.join(place, name));
    const file = nameOf('check', { ...ended, started: 1n });
    fs.writeFileSync(path.join(place, file), 'no folder');
    expect(sweepAbandoned(place)).toBe(0);
    expect(fs.readdirSync(place).toSorted()).toEqual([...others, file].toSorted());
  });

  test('is never followed: a link of such a name stays, and one in such a folder goes as a link', () => {
    const place = temporaryFolder();
    const precious = fill(temporaryFolder());
    fs.symlinkSync(precious, path.join(place, nameOf('check')));
    const abandoned = fill(path.join(place, nameOf('verify')));
    fs.symlinkSync(precious, path.join(abandoned, 'link'));
    expect(sweepAbandoned(place)).toBe(1);
    expect(fs.readdirSync(place)).toHaveLength(1);
    expect(fs.readdirSync(path.join(precious, 'cluster'))).toEqual(['a file']);
  });

  test('is looked for in vain where there is no such place', () => {
    expect(sweepAbandoned(path.join(temporaryFolder(), 'none'))).toBe(0);
  });
});

describe('what failures were kept in', () => {
  test('stays for the newest few processes, each with all that it has kept', () => {
    const place = temporaryFolder();
    const ended = endedProcess();
    const keep = (process: number, letter: string): string => {
      const owner = formatOwner({ ...ended, started: BigInt(process) });
      const folder = fill(path.join(place, `axon-backup-kit-kept-${owner}-${letter.repeat(6)}`));
      fs.utimesSync(folder, process, process);
      return path.basename(folder);
    };
    const names = [1, 2, 3].map((process) => [keep(process, 'a'), keep(process, 'b')]);
    // This process counts as one of them, whether it has kept anything yet or not.
    expect(limitKept(place, 'kept', 3)).toBe(2);
    expect(fs.readdirSync(place).toSorted()).toEqual(names.slice(1).flat().toSorted());
    expect(limitKept(place, 'demo', 1)).toBe(0);
  });

  test('stays where its process may live', () => {
    const place = temporaryFolder();
    fill(path.join(place, nameOf('kept', thisOwner())));
    fill(path.join(place, nameOf('kept', { ...endedProcess(), place: '00000000' })));
    expect(limitKept(place, 'kept', 0)).toBe(0);
    expect(fs.readdirSync(place)).toHaveLength(2);
  });
});
