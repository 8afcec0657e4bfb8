import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { callProgram } from '../support/called-program.ts';
import { argvOfBuilt, fixtureClient } from '../support/fixture-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Plan {
  readonly client: string;
  readonly only: string;
  readonly jobs: number;
  /** Whether artefacts are asked for; their folder has the same name each time, and is moved away behind the check. */
  readonly hasOut: boolean;
}

/** All that a check leaves, as text without wall-clock fields, by file. */
type Left = Readonly<Record<string, string>>;

/** A check by the command line, with everything temporary below a folder of its own. */
async function check({ client, only, jobs, hasOut }: Plan, out: string): Promise<{ code: number | null; left: Left }> {
  const folder = temporaryFolder();
  const json = path.join(folder, 'report.json');
  const markdown = path.join(folder, 'report.md');
  const reports = ['--report', `json=${json}`, '--report', `markdown=${markdown}`];
  const flags = ['--only', only, '--seed', '7', '--jobs', String(jobs), ...(hasOut ? ['--out', out] : [])];
  const argv = argvOfBuilt(fixtureClient(client));
  const { code } = await callProgram(['check', ...flags, ...reports, '--', ...argv], { TMPDIR: folder });
  const report = fs.readFileSync(json, 'utf8');
  expect(report).not.toContain(folder);
  const left = { report: withoutWallClock(report), markdown: fs.readFileSync(markdown, 'utf8') };
  if (!hasOut) return { code, left };
  const moved = path.join(folder, 'out');
  fs.renameSync(out, moved);
  return { code, left: { ...left, ...readArtefacts(moved) } };
}

/** Journals and verdicts of all scenarios. */
function readArtefacts(out: string): Left {
  const names = fs.readdirSync(out, { recursive: true, encoding: 'utf8' });
  const texts = names
    .filter((name) => /(journal|verdict)\.json$/.test(name))
    .map((name) => [name, fs.readFileSync(path.join(out, name), 'utf8')] as const);
  return Object.fromEntries(
    texts.map(([name, text]) => [name, name.endsWith('verdict.json') ? withoutWallClock(text) : text]),
  );
}

function withoutWallClock(report: string): string {
  expect(report).toContain('"wallClock"');
  const rest: unknown = JSON.parse(report, (key, value: unknown) => (key === 'wallClock' ? undefined : value));
  return JSON.stringify(rest, null, 2);
}

describe('two checks with one seed leave the same but for wall-clock fields', () => {
  test('of the reference client, however many scenarios go on side by side', async () => {
    const out = path.relative(process.cwd(), path.join(temporaryFolder(), 'out'));
    const plan = { client: 'reference', only: '{fault/node-goes-down,growth/open-segment-fills}', hasOut: true };
    const first = await check({ ...plan, jobs: 1 }, out);
    const second = await check({ ...plan, jobs: 2 }, out);
    expect(first.code).toBe(0);
    expect(Object.keys(first.left)).toHaveLength(2 + 2 * 2);
    expect(second).toEqual(first);
  });

  test('of a client that dies and has spoilt its backup', async () => {
    const out = path.join(temporaryFolder(), 'out');
    const plan = { client: 'copies-in-place', only: 'interruption/mid-log', jobs: 1, hasOut: true };
    const [first, second] = [await check(plan, out), await check(plan, out)];
    expect(first.code).toBe(1);
    expect(second).toEqual(first);
  });

  test("of a client that takes the server's files away, which lie in another folder each time", async () => {
    const plan = { client: 'files-moved', only: 'growth/first-backup', jobs: 1, hasOut: false };
    const [first, second] = [await check(plan, ''), await check(plan, '')];
    expect(first.code).toBe(1);
    expect(first.left['report']).toContain('node-1/events/default/00000000000000000000.events is gone');
    expect(second).toEqual(first);
  });
});
