import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { runCli, startCli, type RunningCli } from '../../support/cli.ts';
import { argvOfBuilt, fixtureClient } from '../../support/fixture-client.ts';
import { doesNodeRemoveNested, nestFolders, nestFoldersIn } from '../../support/nested-folders.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const only = ['--only', 'growth/first-backup'];

test.skipIf(doesNodeRemoveNested())(
  'a check that cannot clear up says so in a line, with its verdict and its reports',
  async () => {
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
  },
);

test.skipIf(!fs.existsSync('/dev/full'))('a report that finds no room takes no other with it', async () => {
  const report = path.join(temporaryFolder(), 'report.json');
  const reports = ['--report', 'markdown=/dev/full', '--report', `json=${report}`];
  const client = argvOfBuilt(fixtureClient('reference'));
  // In a place of its own, where no killed check has left anything that it would tell of.
  const places = temporaryFolder();
  const { code, stderr } = await runCli(['check', ...only, ...reports, '--', ...client], { TMPDIR: places });
  expect(code).toBe(70);
  expect(stderr).toMatch(/^axon-backup-kit: the markdown report cannot be written: the disk is full\n$/);
  expect(JSON.parse(fs.readFileSync(report, 'utf8'))).toMatchObject({ exitCode: 0 });
});

// Nobody removed what a killed check had left: 40 MB a scenario in memory, until the machine was started anew.
test('what a killed check has left is swept up by the next one, which says so; a living one keeps its own', async () => {
  const places = temporaryFolder();
  const waits = [process.execPath, '-e', 'setInterval(() => {}, 1000)'];
  const begin = async (): Promise<{ readonly check: RunningCli; readonly room: string }> => {
    const before = fs.readdirSync(places);
    const check = startCli(['check', ...only, '--', ...waits], { TMPDIR: places });
    const room = await vi.waitUntil(() => fs.readdirSync(places).find((name) => !before.includes(name)), 10_000);
    return { check, room };
  };
  const killed = await begin();
  const living = await begin();
  killed.check.kill('SIGKILL');
  await killed.check.ended;
  const { code, stderr } = await runCli(['check', ...only, '--', ...argvOfBuilt(fixtureClient('reference'))], {
    TMPDIR: places,
  });
  expect(code).toBe(0);
  expect(stderr).toBe('axon-backup-kit: removed 1 temporary folder of checks that were killed\n');
  expect(fs.readdirSync(places)).toEqual([living.room]);
  living.check.kill('SIGINT');
  await living.check.ended;
  expect(fs.readdirSync(places)).toEqual([]);
}, 60_000);

test('neither a check with a folder of its own nor verify leaves anything in the one for temporary files', async () => {
  const places = temporaryFolder();
  const out = temporaryFolder();
  const client = argvOfBuilt(fixtureClient('reference'));
  await runCli(['check', ...only, '--out', out, '--', ...client], { TMPDIR: places });
  expect(fs.readdirSync(places)).toEqual([]);
  const { code } = await runCli(['verify', path.join(out, 'growth.first-backup', 'backup')], { TMPDIR: places });
  expect([code, fs.readdirSync(places)]).toEqual([0, []]);
}, 60_000);
