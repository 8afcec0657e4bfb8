import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runShell, shellOfKubernetes } from '../support/ci-files.ts';
import { eventFile, realBackup } from '../support/real-backups.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/* What docs/large-backups.md says to a shell, said to one: four pods, and the verdict. */

const root = path.resolve(import.meta.dirname, '../..');
const page = fs.readFileSync(path.join(root, 'docs/large-backups.md'), 'utf8');

function snippet(name: string): string {
  const found = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w+\\n(?<text>[\\s\\S]*?)\`\`\``).exec(page)?.groups?.['text'];
  if (found === undefined) throw new Error(`docs/large-backups.md has no ${name}`);
  return found;
}

test('four pods and a merge come to the verdict of a backup, and name what its segments lack', async () => {
  const job = shellOfKubernetes(snippet('kubernetes-verify.yml'));
  const backup = realBackup();
  fs.rmSync(eventFile(backup, 8));
  const folder = temporaryFolder();
  const variables = { BACKUP: backup.folder, PARTS: folder };
  const called = `npx() { shift 2; '${process.execPath}' '${root}/dist/cli.js' "$@"; }`;
  const pods = job.variables.map((own) => runShell(`${called}\n${job.script}`, folder, { ...own, ...variables }));
  expect((await Promise.all(pods)).map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const verdict = await runShell(`${called}\n${snippet('kubernetes-verdict.sh')}`, folder, variables);
  expect(verdict.code).toBe(1);
  expect(verdict.output).toContain('event-gap  default: tokens 8 to 15 of EVENT are in no segment');
  expect(JSON.parse(fs.readFileSync(path.join(folder, 'verified.json'), 'utf8'))).toMatchObject({
    path: backup.folder,
    verdict: 'inconsistent',
  });
  expect(fs.readFileSync(path.join(folder, 'verified.html'), 'utf8')).toContain('NOT CONSISTENT');
});
