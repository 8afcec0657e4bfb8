import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../conformance/verdict/report.ts';
import { serverVersions } from '../../server/index.ts';
import { callProgram } from '../support/called-program.ts';
import type { Ended } from '../support/cli.ts';
import { argvOfBuilt, fixtureClient } from '../support/fixture-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const first = 'growth/first-backup';
const byGroup = 'coverage/group-named-otherwise';

interface Checked extends Omit<Ended, 'signal'> {
  /** Without wall-clock fields. */
  readonly report: Report;
  readonly out: string;
}

/** Has the reference client checked by the built command line, the artefacts in a folder of the same name each time. */
async function check(only: string, version: string, jobs: number): Promise<Checked> {
  const folder = temporaryFolder();
  const json = path.join(folder, 'report.json');
  const out = path.join(folder, 'out');
  const flags = ['--only', only, '--server-version', version, '--jobs', String(jobs), '--out', out];
  const client = argvOfBuilt(fixtureClient('reference'));
  const ended = await callProgram(['check', ...flags, '--report', `json=${json}`, '--', ...client]);
  const text = fs.readFileSync(json, 'utf8').replaceAll(out, 'OUT');
  const report = JSON.parse(text, (key, value: unknown) => (key === 'wallClock' ? undefined : value)) as Report;
  return { ...ended, report, out };
}

/** The same for all tests here: a check of all versions takes its time. */
let ofAll: Promise<Checked> | null = null;

function checkAll(): Promise<Checked> {
  ofAll ??= check(`{${first},${byGroup}}`, 'all', 2);
  return ofAll;
}

describe('check --server-version all', () => {
  test('plays each scenario with each version, and tells them apart everywhere', async () => {
    const { report, stdout, out, code } = await checkAll();
    expect(report.serverVersion).toBe('all');
    expect([code, report.exitCode], stdout).toEqual([0, 0]);
    expect(report.scenarios.map(({ id, serverVersion }) => [serverVersion, id])).toEqual(
      serverVersions.flatMap((version) => [first, byGroup].map((id) => [version, id])),
    );
    for (const { id, serverVersion, status, repro, runs } of report.scenarios) {
      const isUnplayed = serverVersion === '4.2' && id === byGroup;
      expect([serverVersion, id, status === 'not-applicable', runs.length > 0]).toEqual([
        serverVersion,
        id,
        isUnplayed,
        !isUnplayed,
      ]);
      expect(status).not.toBe('error');
      const named = / --server-version (?<version>\S+) --/.exec(repro)?.groups?.['version'] ?? 'documented';
      expect(named).toBe(serverVersion);
      expect(stdout).toMatch(
        new RegExp(`^ *[0-9]+/16  . .*  ${serverVersion.replace('.', String.raw`\.`)} ${id}  `, 'm'),
      );
      const folder = path.join(out, serverVersion, id.replace('/', '.'));
      expect(fs.existsSync(path.join(folder, 'verdict.json'))).toBe(!isUnplayed);
    }
    const requested = report.rules.find(({ id }) => id === 'control-db/requested');
    expect(requested?.versions).toEqual(serverVersions.map((version) => ({ version, status: 'pass' })));
    expect(stdout).toMatch(
      /^Rules by server version\n +documented {2}4\.2 {2}4\.5 {2}4\.6 {2}2023\.2 {2}2024\.2 {2}2025\.2 {2}2026\.0\n/m,
    );
  });

  test('leaves the same with one seed, however many go on side by side', async () => {
    const [one, two] = [await check(`{${first},${byGroup}}`, 'all', 1), await checkAll()];
    expect(two.report).toEqual(one.report);
    expect(two.code).toBe(one.code);
  });
});

describe('check with one version', () => {
  test('has folders of scenarios as ever, and the same result as with all', async () => {
    const [one, all] = [await check(first, '4.6', 1), await checkAll()];
    expect(one.code, one.stdout).toBe(0);
    expect(fs.readdirSync(one.out)).toEqual(['growth.first-backup']);
    expect(one.stdout).not.toContain('Rules by server version');
    const [result] = one.report.scenarios;
    const same = all.report.scenarios.find(({ id, serverVersion }) => id === first && serverVersion === '4.6');
    expect(result).toEqual({ ...same, artefacts: 'OUT/growth.first-backup' });
  });

  test('that can play none of the scenarios proves nothing', async () => {
    const { code, stdout } = await check(byGroup, '4.2', 1);
    expect(code).toBe(2);
    expect(stdout).toContain(`${byGroup}: 4.2 has no replication groups apart from contexts`);
    expect(stdout).toContain('no MUST rule was judged: nothing was proved');
  });
});
