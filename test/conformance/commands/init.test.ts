import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { callProgram } from '../../support/called-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

describe('init', () => {
  test('leaves a client that can be started, a config file that names it, and a CI file', async () => {
    const folder = path.join(temporaryFolder(), 'not', 'there');
    const { code, stdout } = await callProgram(['init', folder]);
    expect(code).toBe(0);
    expect(filesIn(folder)).toEqual(['.github/workflows/backup.yml', 'axon-backup-kit.yaml', 'backup.sh']);
    expect(fs.statSync(path.join(folder, 'backup.sh')).mode & 0o111).toBe(0o111);
    const config = fs.readFileSync(path.join(folder, 'axon-backup-kit.yaml'), 'utf8');
    expect(parse(config)).toEqual({ client: ['bash', './backup.sh'] });
    for (const file of filesIn(folder)) expect(stdout).toContain(path.join(folder, file));
  });

  test('says where to go on in a line for a shell, and in one line that a file stands in the way', async () => {
    const folder = path.join(temporaryFolder(), "Dora's backups");
    const { stdout } = await callProgram(['init', folder]);
    expect(stdout).toMatch(/^next {5}cd '[^\n]*Dora'\\''s backups' && /m);
    const { code, stderr } = await callProgram(['init', path.join(folder, 'backup.sh')]);
    expect([code, stderr]).toEqual([
      64,
      expect.stringMatching(/cannot be written: there is something else of that name\n$/),
    ]);
  });

  test('has the CI file of GitLab, too', async () => {
    const folder = temporaryFolder();
    await callProgram(['init', folder, '--ci', 'gitlab']);
    const { backup } = parse(fs.readFileSync(path.join(folder, '.gitlab-ci.yml'), 'utf8')) as Record<string, object>;
    expect(backup).toMatchObject({ artifacts: { when: 'always', reports: { junit: 'backup.xml' } } });
  });

  test('never overwrites, and says what it has left as it was', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'backup.sh'), 'mine');
    fs.symlinkSync('/not/there', path.join(folder, 'axon-backup-kit.yaml'));
    const { code, stdout } = await callProgram(['init', folder]);
    expect(code).toBe(0);
    expect(fs.readFileSync(path.join(folder, 'backup.sh'), 'utf8')).toBe('mine');
    expect(fs.readlinkSync(path.join(folder, 'axon-backup-kit.yaml'))).toBe('/not/there');
    expect(stdout).toMatch(
      /^kept .*backup\.sh +it is there already\nkept .*axon-backup-kit\.yaml .*\nwritten .*backup\.yml/,
    );
  });

  test('says in one line where it cannot write', async () => {
    const file = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(file, '');
    const { code, stderr } = await callProgram(['init', file]);
    expect([code, stderr]).toEqual([64, expect.stringMatching(/^.*backup\.sh cannot be written: .+\n$/)]);
  });
});
