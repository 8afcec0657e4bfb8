import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { requireOutFolder } from '../../../conformance/check/folders/out-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a folder that can be made is not made by the trying', () => {
  const folder = temporaryFolder();
  requireOutFolder(path.join(folder, 'not', 'there'));
  requireOutFolder(folder);
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('a file, and what lies below one, is no folder', () => {
  const file = path.join(temporaryFolder(), 'file');
  fs.writeFileSync(file, '');
  for (const place of [file, path.join(file, 'below')]) expect(() => requireOutFolder(place)).toThrow('is no folder');
});

test('a folder without a name is not the working directory', () => {
  expect(() => requireOutFolder('')).toThrow('has no name');
});

test.skipIf(!fs.existsSync('/proc/self'))('a file system that lets nobody make a folder is found out', () => {
  expect(() => requireOutFolder('/proc/artefacts')).toThrow('/proc is not for writing');
});
