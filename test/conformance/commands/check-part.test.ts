import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConformance, type ConformanceOptions } from '../../../conformance/check/run-conformance.ts';
import type { ClientInvocation, Report } from '../../../conformance/index.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import { formatJson } from '../../../conformance/reporters/json.ts';
import { serverVersions } from '../../../server/index.ts';
import { buildReport, failedRule, notPlayed, scenarioResult } from '../../support/report.ts';
import { callProgram } from '../../support/called-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const twoShort = ['growth/first-backup', 'growth/grows-between-runs'];

async function asksAndGivesUp({ url }: ClientInvocation): Promise<void> {
  await fetch(`${url}/v1/backup/createControlDbBackup`, { method: 'POST' });
  throw new Error('no reason at all');
}

async function keepsZipAlone({ url, backupDir }: ClientInvocation): Promise<void> {
  const answer = await fetch(`${url}/v1/backup/createControlDbBackup`, { method: 'POST' });
  const zip = await answer.text();
  fs.copyFileSync(zip, path.join(backupDir, path.basename(zip)));
}

function write(report: Report, folder = temporaryFolder(), name = 'report.json'): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, formatJson(report));
  return file;
}

/** Without what differs from run to run. */
function lasting(report: Report): object {
  return JSON.parse(formatJson(report).replaceAll(/"(totalMs|clientMs)": [\d.]+/g, '"$1": 0')) as object;
}

/** The same as a program. */
const posts =
  "fetch(`${process.env.AXONSERVER_URL}/v1/backup/createControlDbBackup`, { method: 'POST' }).then(() => process.exit(1))";

describe('--bail', () => {
  test('begins nothing new once so many scenarios have failed, and says what was not played', async () => {
    const report = await runConformance({
      driver: new FunctionDriver(asksAndGivesUp),
      keepsFailures: false,
      only: ['growth/*'],
      jobs: 1,
      bail: 2,
    });
    expect(report.scenarios.map(({ id }) => id)).toEqual(twoShort);
    expect(report).toMatchObject({ exitCode: 1, incomplete: { reasons: ['bail'] } });
    expect(report.incomplete?.notPlayed.length).toBeGreaterThan(5);
  });

  test('does not count what is known to fail', async () => {
    const known = twoShort.map((id) => `${id}:outcome/exit-status-true`);
    const report = await runConformance({
      driver: new FunctionDriver(asksAndGivesUp),
      keepsFailures: false,
      only: twoShort,
      jobs: 1,
      bail: 1,
      expectedFailures: known,
    });
    expect(report.scenarios).toHaveLength(2);
    expect(report.incomplete).toBeUndefined();
  });
});

describe('--last-failed', () => {
  const earlier = buildReport(
    [
      scenarioResult({ id: 'growth/first-backup' }),
      scenarioResult({ id: 'growth/ten-runs', rules: [failedRule()] }),
      scenarioResult({ id: 'growth/grows-between-runs', rules: [failedRule()], serverVersion: '4.6' }),
      scenarioResult({ id: 'log/changes-in-place', ...notPlayed }),
    ],
    { serverVersion: '4.6', seed: 7 },
  );

  test('plays what did not pass, with seed and server version of the report', async () => {
    const file = write(earlier);
    const report = path.join(temporaryFolder(), 'now.json');
    const client = ['node', '-e', posts];
    const { code } = await callProgram([
      'check',
      '--last-failed',
      file,
      '--report',
      `json=${report}`,
      '--quiet',
      '--',
      ...client,
    ]);
    expect(code).toBe(1);
    const now = JSON.parse(fs.readFileSync(report, 'utf8')) as Report;
    expect(now).toMatchObject({ seed: 7, serverVersion: '4.6', lastFailed: true });
    expect(now.scenarios.map(({ id, serverVersion }) => [id, serverVersion])).toEqual([
      ['growth/grows-between-runs', '4.6'],
    ]);
  });

  test('of a report in which all has passed plays nothing, which proves nothing', async () => {
    const file = write(buildReport([scenarioResult({ id: 'growth/first-backup' })]));
    const { code, stdout } = await callProgram(['check', '--last-failed', file, '--quiet', '--', 'true']);
    expect([code, stdout]).toEqual([2, expect.stringContaining('nothing was proved')]);
  });

  test('of what is not selected is a mistake of the user', async () => {
    const args = ['check', '--last-failed', write(earlier), '--only', 'log/*', '--', 'true'];
    const { code, stderr } = await callProgram(args);
    const message = 'nothing of what did not pass in that report is selected, such as growth/ten-runs';
    expect([code, stderr]).toEqual([64, expect.stringContaining(message)]);
  });
});

test('a check of all versions in four shards, merged, is the one that was not divided, but for real times', async () => {
  const folder = temporaryFolder();
  const options: ConformanceOptions = {
    driver: new FunctionDriver(keepsZipAlone),
    only: ['growth/first-backup'],
    serverVersion: 'all',
    keepsFailures: false,
    expectedFailures: ['coverage/index-files until 2020-01-01'],
  };
  const whole = await runConformance(options);
  expect(whole.scenarios).toHaveLength(serverVersions.length);
  const files: string[] = [];
  for (const index of [3, 1, 4, 2]) {
    const part = await runConformance({ ...options, shard: { index, count: 4 } });
    expect(part.shard).toEqual({ index, count: 4 });
    files.push(write(part, folder, `report-${index}.json`));
  }
  const file = path.join(folder, 'merged.json');
  const { code } = await callProgram(['merge', ...files, '--report', `json=${file}`]);
  expect(code).toBe(whole.exitCode);
  expect(lasting(JSON.parse(fs.readFileSync(file, 'utf8')) as Report)).toEqual(lasting(whole));
});

describe('merge', () => {
  test.each([
    ['{"schemaVersion": 1}', 'this is no JSON report of a check'],
    ['<xml/>', 'this is no JSON, and so no JSON report of a check'],
  ])('refuses %s in one line with the file', async (text, message) => {
    const file = path.join(temporaryFolder(), 'other.json');
    fs.writeFileSync(file, text);
    const { code, stdout, stderr } = await callProgram(['merge', file]);
    expect({ code, stdout, stderr }).toEqual({
      code: 64,
      stdout: '',
      stderr: `axon-backup-kit: ${file}: ${message}\n`,
    });
  });

  test('says which file is not there', async () => {
    const { code, stderr } = await callProgram(['merge', '/not/there.json']);
    expect([code, stderr]).toEqual([64, 'axon-backup-kit: /not/there.json: there is no such file\n']);
  });

  test('says in all reports that a shard is missing', async () => {
    const part = buildReport([scenarioResult({ id: 'growth/ten-runs' })], { shard: { index: 1, count: 2 } });
    const folder = temporaryFolder();
    const targets = ['junit', 'markdown', 'html'].map((kind) => path.join(folder, kind));
    const reports = targets.flatMap((file) => ['--report', `${path.basename(file)}=${file}`]);
    const { code, stdout } = await callProgram(['merge', write(part), ...reports]);
    expect(code).toBe(2);
    for (const text of [stdout, ...targets.map((file) => fs.readFileSync(file, 'utf8'))]) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain('incomplete: a shard is missing');
    }
  });
});

test.each([['0/4'], ['5/4'], ['1'], ['1/4/4'], ['1.5/4'], ['-1/4'], ['1/99999']])(
  'there is no shard %s',
  async (shard) => {
    const { code, stderr } = await callProgram(['check', '--shard', shard, '--', 'true']);
    expect([code, stderr]).toEqual([64, expect.stringContaining('Write I/N, such as 1/4 to 4/4')]);
  },
);
