import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { requireNoneForeign } from '../../server/start/foreign-folder.ts';
import { startSimulator } from '../../server/index.ts';
import { failureOf } from '../support/failure-of.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each([
  ['an empty folder', []],
  ['a new file system', ['lost+found']],
  ['the folder of a cluster, whatever else has come to lie in it', ['node-1', 'notes.txt', 'simulator']],
  ['folders of nodes alone', ['node-1', 'node-12']],
])('%s is good for a cluster', (_what, names) => {
  requireNoneForeign('/data', names);
});

test('a folder with anything else is not, and the first of it is named', () => {
  const names = ['node-1', 'photos', 'mail', 'letters', 'keys'];
  expect(failureOf(() => requireNoneForeign('/home/me', names))).toMatchObject({
    kind: 'bad-option',
    message:
      'the data folder /home/me holds something else (keys, letters, mail and 1 more): name an empty folder, or one of a cluster',
  });
});

test("nothing is written into a folder of somebody's own", async () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'letter.txt'), '');
  await expect(startSimulator({ port: 0, dataDir: folder })).rejects.toMatchObject({ kind: 'bad-option' });
  expect(fs.readdirSync(folder)).toEqual(['letter.txt']);
});
