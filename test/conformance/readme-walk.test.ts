import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');

/** Files and folders that somebody has in the clone who has done what the README says. */
function leftByWalk(): string[] {
  const found = [
    ...readme.matchAll(/--report \w+=([^\s`]+)/g),
    ...readme.matchAll(/mkdir -p (my-backup\S*)/g),
    ...readme.matchAll(/Save it as `([^`]+)`/g),
    ...readme.matchAll(/--write-expected-failures (\S+?)`/g),
    ...readme.matchAll(/--save-dev \.\/(\S+)/g),
  ];
  return [...new Set(found.map(([, name = '']) => name))];
}

test.skipIf(!fs.existsSync(path.join(root, '.git')))(
  'what the walk through the README leaves is no change to git',
  () => {
    const left = [...leftByWalk(), 'axon-backup-kit.yaml', 'backup.sh'];
    expect(left).toEqual(
      expect.arrayContaining(['my-backup.sh', 'my-backup/log/default', 'report-1.json', 'known.txt']),
    );
    const ignored = execFileSync('git', ['check-ignore', '--no-index', '--', ...left], { cwd: root, encoding: 'utf8' });
    expect(ignored.trim().split('\n')).toEqual(left);
  },
);

test('the README names no package of a registry to fetch, and every picture of it is packed', () => {
  expect(readme).not.toMatch(/npm (?:install|i|add)(?: --?\S+)* axon-backup-kit|npx (?:-y|--yes)|npm create/);
  const { files } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { files: string[] };
  const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, place = '']) => place);
  expect(pictures.length).toBeGreaterThan(1);
  for (const place of pictures) {
    expect(fs.existsSync(path.join(root, place))).toBe(true);
    expect(files.some((folder) => place.startsWith(`${folder}/`))).toBe(true);
  }
});
