import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules as catalogue } from '../../conformance/rules/catalog.ts';
import type { Report } from '../../conformance/verdict/report.ts';
import { callProgram } from '../support/called-program.ts';
import { startCli } from '../support/cli.ts';
import { argvOfBuilt, fixtureClient } from '../support/fixture-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const noop = ['--', ...argvOfBuilt(fixtureClient('noop'))];

describe('explore', () => {
  test('writes the shortest schedule that breaks a command, and check breaks the same rule with it', async () => {
    const folder = temporaryFolder();
    const report = path.join(folder, 'explored.json');
    const explored = await callProgram([
      'explore',
      '--runs',
      '1',
      '--out',
      folder,
      '--report',
      `json=${report}`,
      ...noop,
    ]);
    expect(explored.stdout).toMatch(/✗ seed 1 breaks (?<rule>[\w/-]+): \d+ steps, shrunk to 2 in \d+ plays/);
    expect(explored.stdout).toMatch(/hazards +\d+ of \d+ reached/);
    expect(explored.code).toBe(1);
    const file = path.join(folder, 'explore-seed-1.json');
    expect(explored.stdout).toContain(`check --scenario ${file}`);
    const rule = /breaks (?<rule>[\w/-]+):/.exec(explored.stdout)?.groups?.['rule'];

    const again = path.join(folder, 'again.json');
    const checked = await callProgram(['check', '--scenario', file, '--report', `json=${again}`, ...noop]);
    expect(checked.code).toBe(1);
    expect(failedIn(again)).toEqual(failedIn(report));
    expect(failedIn(again)).toContain(rule);
  });

  test('interrupted, says what was found by then, and ends with 130', async () => {
    const folder = temporaryFolder();
    const marks = path.join(folder, 'runs');
    const command = `curl -s -X POST "$AXONSERVER_URL/v1/backup/createControlDbBackup"; echo >> ${marks}`;
    const report = path.join(folder, 'report.json');
    const words = ['--out', folder, '--bail', '100', '--jobs', '1', '--report', `json=${report}`];
    const running = startCli(['explore', ...words, '--shell', '--', command]);
    await expect.poll(() => fs.existsSync(marks), { timeout: 60_000 }).toBe(true);
    running.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/\ninterrupted {2}[a-z ]+, by then\n$/i);
    expect(JSON.parse(fs.readFileSync(report, 'utf8'))).toMatchObject({ incomplete: { reasons: ['interrupted'] } });
  });

  test('says of a rule that ought to be kept that it counts as asked, and so does the command that repeats it', async () => {
    const folder = temporaryFolder();
    const client = ['--', ...argvOfBuilt(fixtureClient('open-segment-left-out'))];
    const words = ['explore', '--runs', '1', '--fail-on', 'warn', '--out', path.join(folder, 'new')];
    const { code, stdout } = await callProgram([...words, ...client]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/start here .* --fail-on warn -- /);
    expect(stdout).toMatch(/\nexit 1 +a warning counts as a failure/);
    expect(stdout).toMatch(
      /\nexit 1 +a schedule breaks a SHOULD rule, which counts as a failure \(--fail-on warn\)\n$/,
    );
  });

  test('in two parts, put together by merge, comes to the report of the whole', async () => {
    const folder = temporaryFolder();
    const played = async (name: string, flags: readonly string[]): Promise<string> => {
      const file = path.join(folder, `${name}.json`);
      const all = ['explore', '--runs', '4', '--bail', '100', '--expected-failures', known, '--out', folder];
      await callProgram([...all, ...flags, '--report', `json=${file}`, ...noop]);
      return file;
    };
    // What is known is not shrunk, which would take longer than the rest.
    const known = path.join(folder, 'known');
    fs.writeFileSync(known, `${catalogue.map(({ id }) => id).join('\n')}\n`);
    const whole = await played('whole', []);
    const parts = [await played('first', ['--shard', '1/2']), await played('second', ['--shard', '2/2'])];
    const merged = path.join(folder, 'merged.json');
    await callProgram(['merge', ...parts, '--report', `json=${merged}`]);
    expect(withoutWallClock(merged)).toEqual(withoutWallClock(whole));
  });

  test('has its client, and what is said of it, from the config file of check; quiet it tells the verdict, verbose each schedule', async () => {
    const folder = temporaryFolder();
    const config = path.join(folder, 'config.json');
    const own = { client: noop.slice(1), 'server-version': '4.6', only: ['log/**'], out: '/nowhere' };
    fs.writeFileSync(config, JSON.stringify(own));
    const known = path.join(folder, 'known');
    fs.writeFileSync(known, `${catalogue.map(({ id }) => id).join('\n')}\n`);
    const report = path.join(folder, 'report.json');
    const words = ['explore', '--runs', '1', '--out', folder, '--config', config, '--report', `json=${report}`];
    const quiet = await callProgram([...words, '--quiet']);
    const verbose = await callProgram([...words, '--verbose', '--expected-failures', known]);
    expect([quiet.code, verbose.code]).toEqual([1, 0]);
    expect(quiet.stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^✗ seed 1 breaks .*, shrunk to 2 in/),
      expect.stringMatching(/^explored /),
      expect.stringMatching(/^failures +seed 1 /),
      expect.stringMatching(/^exit 1 /),
    ]);
    expect(verbose.stdout).toMatch(/^ *✗ fail +explore\/seed-1/m);
    expect(JSON.parse(fs.readFileSync(report, 'utf8'))).toMatchObject({ serverVersion: '4.6' });
  });

  test.each([
    [['explore', '--shard', '3/2', ...noop], 'Write I/N, such as 1/4 to 4/4'],
    [['explore', '--out', '/etc/passwd/x', ...noop], '--out /etc/passwd/x: no folder can be made there'],
  ])('refuses %j in one line', async (words, message) => {
    const { code, stderr } = await callProgram(words);
    expect([code, stderr.trim().split('\n').length]).toEqual([64, 1]);
    expect(stderr).toContain(message);
  });
});

function withoutWallClock(file: string): unknown {
  return JSON.parse(fs.readFileSync(file, 'utf8'), (key, value: unknown) => (key === 'wallClock' ? undefined : value));
}

function failedIn(file: string): string[] {
  const { scenarios } = JSON.parse(fs.readFileSync(file, 'utf8')) as Report;
  return scenarios.flatMap(({ rules }) => rules.flatMap(({ id, status }) => (status === 'fail' ? [id] : [])));
}
