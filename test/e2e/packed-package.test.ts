import * as fs from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runShell, shellOfGithub } from '../support/ci-files.ts';
import { checkedOut, installPacked, runIn, type UserProject } from '../support/packed-package.ts';

/*
 * The package as a user gets it: packed, installed in an empty folder, and used through each of its doors by the programs
 * of user-project/, which know nothing but the documentation.
 */

let project: UserProject;

beforeAll(async () => {
  project = await installPacked();
});

afterAll(() => project.remove());

function readInstalled(file: string): string {
  return fs.readFileSync(path.join(project.folder, 'node_modules/axon-backup-kit', file), 'utf8');
}

/** The strings in it, however deep. */
function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

describe('the packed package', () => {
  test('has what its manifest names', () => {
    const { bin, exports } = JSON.parse(readInstalled('package.json')) as { bin: object; exports: object };
    const named = [...leavesOf(bin), ...leavesOf(exports)].map((file) => path.posix.normalize(file));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((file) => !project.files.includes(file))).toEqual([]);
    expect(project.files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md']));
  });

  test('has no tests, no sources beside what they were compiled to, and no leftovers', () => {
    const strays = project.files.filter(
      (file) => /(^|\/)tests?\//.test(file) || /(?<!\.d)\.ts$|\.map$|\.tgz$|\.log$|(^|\/)\.(?!\/)/.test(file),
    );
    expect(strays).toEqual([]);
  });

  test('knows no place of the machine that it was packed on', () => {
    const here = path.resolve(import.meta.dirname, '../..');
    expect(project.files.filter((file) => readInstalled(file).includes(here))).toEqual([]);
  });
});

test('the door to the server starts a cluster, moves it through time, and shows its pages', async () => {
  const { code, stdout, stderr } = await runIn(project, 'node', 'use-server.mjs');
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    nodes: 3,
    minutes: 31,
    listing: { lastClosedSegment: 0, filenames: expect.arrayContaining([expect.stringMatching(/500\.events$/)]) },
    statuses: [200, 200, 200],
  });
});

test('the door to the judge takes functions and commands, and verifies what they have left', async () => {
  const { code, stdout, stderr } = await runIn(project, 'node', 'use-conformance.mjs');
  expect([code, stderr]).toEqual([0, '']);
  const failed = expect.arrayContaining(['log/all-groups', 'outcome/restorable']);
  expect(JSON.parse(stdout)).toMatchObject({
    goodFunction: { exitCode: 0, failed: [], artefacts: { folder: 'out/goodFunction/growth.first-backup' } },
    badFunction: { exitCode: 1, failed },
    goodCommand: { exitCode: 0, failed: [] },
    badCommand: {
      exitCode: 1,
      failed,
      repro: 'axon-backup-kit check --only growth/first-backup --seed 1 -- node ./command.mjs backupWithoutAdmin',
    },
    verdict: 'consistent',
    starts: true,
  });
});

describe("the door to the caller's own vitest", () => {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter', 'verbose'];

  test('passes a good client, rule by rule', async () => {
    const { code, stdout, stderr } = await runIn(project, 'node', ...vitest, 'good-client.test.mjs');
    expect(code, stdout).toBe(0);
    // It copies everything anew in each run.
    expect(`${stdout}${stderr}`).toContain('! warn cursor/incremental (should) in growth/grows-between-runs: ');
    for (const suite of ['growth/first-backup', 'growth/grows-between-runs']) {
      expect(stdout).toContain(`✓ good-client.test.mjs > backup conformance > ${suite} > reaches its hazards`);
      expect(stdout).toContain(`✓ good-client.test.mjs > backup conformance > ${suite} > log/all-groups`);
    }
  });

  test('fails a bad one by the rule, with evidence, remedy, and how to repeat it', async () => {
    const { code, stdout, stderr } = await runIn(project, 'node', ...vitest, 'bad-client.test.mjs');
    const text = `${stdout}${stderr}`;
    expect(code, text).toBe(1);
    expect(text).toContain('× bad-client.test.mjs > backup conformance > growth/first-backup > log/all-groups');
    expect(text).toContain('✓ bad-client.test.mjs > backup conformance > growth/first-backup > control-db/requested');
    expect(text).toMatch(/FAIL .*log\/all-groups\n.*✗ fail log\/all-groups \(must\) in growth\/first-backup: /);
    expect(text).toMatch(/ {2}expected {2}.*\n {2}actual {4}.*_admin/);
    expect(text).toContain('what to do: ');
    expect(text).toContain("repeat with: npx vitest run -t 'backup conformance growth/first-backup'");
  });
});

test("with all versions, the caller's own vitest has a suite for each of them, and skips what one cannot play", async () => {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter', 'verbose'];
  const { stdout } = await runIn(project, 'node', ...vitest, 'versions.test.mjs');
  const suite = 'versions.test.mjs > backup conformance >';
  for (const name of ['reaches its hazards', 'log/all-groups']) {
    expect(stdout).toContain(`✓ ${suite} 4.6 coverage/group-named-otherwise > ${name}`);
    expect(stdout).toContain(`↓ ${suite} 4.2 coverage/group-named-otherwise > ${name}`);
  }
  expect(fs.readdirSync(path.join(project.folder, 'out/versions/4.6'))).toEqual(['coverage.group-named-otherwise']);
});

describe('the command', () => {
  const kit = (...args: readonly string[]) => runIn(project, 'axon-backup-kit', ...args);

  test('tells what it does, what there is, and what a rule is about', async () => {
    const [help, list, explain] = await Promise.all([
      kit('--help'),
      kit('list', 'rules', '--json'),
      kit('explain', 'log/all-groups'),
    ]);
    expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('check [options]') });
    const rules = JSON.parse(list.stdout) as ReadonlyArray<{ readonly id: string }>;
    expect(rules.map(({ id }) => id)).toContain('log/all-groups');
    expect(explain).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('_admin') });
  });

  test('judges a client, with a report of the shipped schema, and verifies the backup', async () => {
    const client = ['--', 'node', 'command.mjs', 'backupWithoutAdmin'];
    const flags = ['--only', 'growth/first-backup', '--report', 'json=report.json', '--out', 'kept'];
    const { code, stdout } = await kit('check', ...flags, ...client);
    expect(code, stdout).toBe(1);
    expect(stdout).toContain('log/all-groups');
    const report = JSON.parse(fs.readFileSync(path.join(project.folder, 'report.json'), 'utf8')) as object;
    const ajv = new Ajv2020({ allErrors: true, formats: { 'date-time': true } });
    const isReport = ajv.compile(JSON.parse(readInstalled('conformance/schema/report.schema.json')) as object);
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    expect(report).toMatchObject({ exitCode: 1, scenarios: [{ artefacts: 'kept/growth.first-backup' }] });
    const verified = await kit('verify', 'kept/growth.first-backup/backup');
    expect(verified).toMatchObject({ code: 1, stdout: expect.stringContaining('NOT CONSISTENT') });
  });

  test('has its own clients with it, to be held against', async () => {
    const { code, stdout } = await kit('selftest', '--only', 'no-control-db-post', '--jobs', '1');
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('killed by control-db/requested');
  });
});

test('in a folder with nothing but the package, init leaves a client that is green by the commands of its CI file', async () => {
  const folder = checkedOut(project);
  const init = await runIn(project, 'axon-backup-kit', 'init', 'checked-out');
  expect(init).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('cd checked-out && npx') });
  // Of the whole check, which takes minutes, one scenario.
  fs.appendFileSync(path.join(folder, 'axon-backup-kit.yaml'), 'only: growth/first-backup\n');
  const [job] = shellOfGithub(fs.readFileSync(path.join(folder, '.github/workflows/backup.yml'), 'utf8'));
  const { code, output } = await runShell(job ?? '', folder, { npm_config_prefer_offline: 'true' });
  expect(code, output).toBe(0);
  expect(output).toContain('every MUST rule was judged and passed');
  expect(fs.readFileSync(path.join(folder, 'backup.xml'), 'utf8')).toContain('failures="0"');
});

test('a TypeScript program sees every door with its types', async () => {
  const tsc = ['node_modules/typescript/bin/tsc', '--noEmit', '--module', 'nodenext', '--strict', 'doors.ts'];
  expect(await runIn(project, 'node', ...tsc)).toEqual({ code: 0, stdout: '', stderr: '' });
});
