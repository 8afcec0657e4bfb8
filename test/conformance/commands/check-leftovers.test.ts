import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { argvOfBuilt, fixtureClient } from '../../support/fixture-client.ts';
import { nestFolders, nestFoldersIn } from '../../support/nested-folders.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const only = ['--only', 'growth/first-backup'];

test('a check that cannot clear up says so in a line, with its verdict and its reports', async () => {
  const [places, report] = [temporaryFolder(), path.join(temporaryFolder(), 'report.json')];
  nestFoldersIn(places);
  const client = [process.execPath, '-e', nestFolders, '{state}'];
  // Without the system's own tools nothing removes what this client leaves.
  const environment = { TMPDIR: places, PATH: temporaryFolder() };
  const { code, stdout, stderr } = await runCli(
    ['check', ...only, '--report', `json=${report}`, '--', ...client],
    environment,
  );
  expect(code).toBe(1);
  expect(stdout).toContain('exit 1');
  expect(stderr).toMatch(/^axon-backup-kit: not cleared away: .+\n$/);
  expect(JSON.parse(fs.readFileSync(report, 'utf8'))).toMatchObject({ exitCode: 1 });
});

test.skipIf(!fs.existsSync('/dev/full'))('a report that finds no room takes no other with it', async () => {
  const report = path.join(temporaryFolder(), 'report.json');
  const reports = ['--report', 'markdown=/dev/full', '--report', `json=${report}`];
  const client = argvOfBuilt(fixtureClient('reference'));
  const { code, stderr } = await runCli(['check', ...only, ...reports, '--', ...client]);
  expect(code).toBe(70);
  expect(stderr).toMatch(/^axon-backup-kit: the markdown report cannot be written: ENOSPC.+\n$/);
  expect(JSON.parse(fs.readFileSync(report, 'utf8'))).toMatchObject({ exitCode: 0 });
});
