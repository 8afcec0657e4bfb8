import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow } from '../../../server/stores/files-below.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** On Node 22 and 24 an archive of a node held what a link in its folder led to, anywhere on the machine. */
test('finds the files of a folder, however deep, and follows no link, out of it or into it', () => {
  const folder = temporaryFolder();
  const elsewhere = temporaryFolder();
  fs.mkdirSync(path.join(folder, 'a', 'b'), { recursive: true });
  for (const name of ['top', 'a/b/deep']) fs.writeFileSync(path.join(folder, name), name);
  fs.writeFileSync(path.join(elsewhere, 'private'), 'not for you');
  fs.symlinkSync(elsewhere, path.join(folder, 'a', 'out'));
  fs.symlinkSync(folder, path.join(folder, 'a', 'itself'));
  fs.symlinkSync(path.join(elsewhere, 'private'), path.join(folder, 'file'));
  const found = Array.from(filesBelow(folder), (file) => path.relative(folder, file).split(path.sep).join('/'));
  expect(found.toSorted()).toEqual(['a/b/deep', 'top']);
});
