import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { OtherFileSystem, USUAL_PLACES } from '../../../conformance/check/folders/other-file-system.ts';
import { playClient } from '../../support/played-client.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function isApart(place: string): boolean {
  return fs.existsSync(place) && fs.statSync(place).dev !== fs.statSync(os.tmpdir()).dev;
}

describe('a folder on another file system', () => {
  test('is none where all places are on the same one, and nothing is left there', () => {
    const [room, place] = [temporaryFolder(), temporaryFolder()];
    const other = new OtherFileSystem(room, [path.join(place, 'nothing here'), place], null);
    expect([other.open(), other.open(), other.close()]).toEqual([null, null, null]);
    expect([...fs.readdirSync(room), ...fs.readdirSync(place)]).toEqual([]);
  });

  test.runIf(USUAL_PLACES.some(isApart))('is one from which no rename leads, and goes in the end', () => {
    const room = temporaryFolder();
    const other = new OtherFileSystem(room, [room, ...USUAL_PLACES], null);
    const [one, two] = [other.open() ?? '', other.open() ?? ''];
    expect(path.dirname(one)).toBe(path.dirname(two));
    expect(fs.readdirSync(one)).toEqual([]);
    expect(() => fs.renameSync(one, path.join(room, 'moved'))).toThrow(/EXDEV/);
    expect(other.close()).toBeNull();
    expect(fs.existsSync(path.dirname(one))).toBe(false);
  });

  const isRoot = process.getuid?.() === 0;
  test.runIf(isRoot && USUAL_PLACES.some(isApart))('belongs to the user of the client, who can come there', () => {
    const owner = { uid: 1001, gid: 1002 };
    const other = new OtherFileSystem(temporaryFolder(), USUAL_PLACES, owner);
    const folder = other.open() ?? '';
    expect(fs.statSync(folder)).toMatchObject(owner);
    expect(fs.statSync(path.dirname(folder)).mode & 0o777).toBe(0o711);
    expect(other.close()).toBeNull();
  });

  test('is where TMPDIR lies in target/other-file-system, and a client that stages there copes', async () => {
    const [scenario] = (await playClient('events-listed-first', ['target/other-file-system'])).scenarios;
    if (scenario?.status === 'not-applicable') {
      expect(scenario.message).toBe('this machine has temporary folders on one file system alone');
    } else expect([scenario?.status, scenario?.hazards[0]?.reached]).toEqual(['pass', true]);
  });
});
