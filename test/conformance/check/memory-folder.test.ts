import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { memoryFolder } from '../../../conformance/check/folders/memory-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const inMemory = '/dev/shm';
const hasMemory = memoryFolder({}, 1) === inMemory;

describe('a folder in memory to play in', () => {
  test('is not taken where the user names a place for temporary files', () => {
    expect(memoryFolder({ TMPDIR: temporaryFolder() }, 1)).toBe(null);
  });

  test.skipIf(!hasMemory)('is not taken where it has no room for as many scenarios side by side', () => {
    expect(memoryFolder({}, 2)).toBe(inMemory);
    expect(memoryFolder({}, 1_000_000)).toBe(null);
  });

  test('is none that is not there, is no folder in memory, or takes no files', () => {
    expect(memoryFolder({}, 1, '/there/is/no/such/folder')).toBe(null);
    expect(memoryFolder({}, 1, '/proc')).toBe(null);
    const file = `${temporaryFolder()}/file`;
    fs.writeFileSync(file, '');
    expect(memoryFolder({}, 1, file)).toBe(null);
  });
});
