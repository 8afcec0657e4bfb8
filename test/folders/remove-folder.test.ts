import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { removeFolder } from '../../folders/remove-folder.ts';
import { doesNodeRemoveNested, nestFoldersIn } from '../support/nested-folders.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Nothing keeps root out of a folder. */
const isRoot = process.getuid?.() === 0;

describe('a folder that a client has had in its hands', () => {
  test('goes where it is there, and may be gone already', () => {
    const folder = path.join(temporaryFolder(), 'backup');
    fs.mkdirSync(folder);
    expect([removeFolder(folder), removeFolder(folder)]).toEqual([null, null]);
    expect(fs.existsSync(folder)).toBe(false);
  });

  test.skipIf(isRoot)('goes where its folders are read-only, or closed', () => {
    const folder = path.join(temporaryFolder(), 'backup');
    const inner = path.join(folder, 'events', 'default');
    fs.mkdirSync(inner, { recursive: true });
    fs.writeFileSync(path.join(inner, 'a file'), 'bytes');
    for (const [place, mode] of [
      [inner, 0],
      [path.dirname(inner), 0o500],
      [folder, 0],
    ] as const)
      fs.chmodSync(place, mode);
    expect(removeFolder(folder)).toBeNull();
    expect(fs.existsSync(folder)).toBe(false);
  });

  test('goes where folders are nested deeper than a path can name', () => {
    const folder = path.join(temporaryFolder(), 'backup');
    fs.mkdirSync(folder);
    nestFoldersIn(folder);
    expect(removeFolder(folder)).toBeNull();
    expect(fs.existsSync(folder)).toBe(false);
  });

  test.skipIf(process.platform !== 'linux')('is named, with the reason, where nobody can remove it', () => {
    // What the system shows of a process goes with that process alone.
    expect(removeFolder('/proc/self/fdinfo')).toMatch(/^\/proc\/self\/fdinfo \(.*not permitted/);
  });

  test.skipIf(doesNodeRemoveNested())("is named where the system's own tools are not there to remove it", () => {
    const folder = path.join(temporaryFolder(), 'backup');
    fs.mkdirSync(folder);
    nestFoldersIn(folder);
    vi.stubEnv('PATH', temporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(removeFolder(folder)).toMatch(/backup \(.*ENOENT/);
  });
});
