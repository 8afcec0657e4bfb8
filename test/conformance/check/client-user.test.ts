import { describe, expect, test } from 'vitest';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { parseClientUser, requireClientUser, type ClientUser } from '../../../conformance/driver/client-user.ts';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { runConformance as judgeForPrograms } from '../../../conformance/index.ts';
import type { Evidence } from '../../../conformance/journal/evidence.ts';
import type { Report } from '../../../conformance/verdict/report.ts';

const isRoot = process.getuid?.() === 0;
const user: ClientUser = { uid: 1001, gid: 1002 };

/** Has a shell be the client of one scenario: what it left, and what was said of it. */
async function play(
  script: string,
  as?: ClientUser,
): Promise<{ readonly report: Report; readonly evidence: Evidence }> {
  const argv = ['sh', '-c', script];
  const driver = new CommandDriver({
    argv,
    useShell: false,
    environment: process.env,
    ...(as === undefined ? {} : { user: as }),
  });
  let evidence: Evidence | null = null;
  const report = await runConformance({
    driver,
    only: ['growth/first-backup'],
    keepsFailures: false,
    ...(as === undefined ? {} : { clientUser: as }),
    onEvidence: (left) => (evidence = left),
  });
  if (evidence === null) throw new Error('nothing was played');
  return { report, evidence };
}

describe('as whom a client runs', () => {
  test.each([
    ['1001', { uid: 1001, gid: 1001 }],
    ['1001:0', { uid: 1001, gid: 0 }],
    ['axon', null],
    ['1001:', null],
    ['-1', null],
    ['4294967295', null],
  ])('%s is %j', (text, expected) => {
    expect(parseClientUser(text)).toEqual(expected);
  });

  test.each([
    [1000, 'this check runs as user 1000'],
    [undefined, 'this system has no users by number'],
  ])('takes root: user %s is told so in one line', (own, reason) => {
    const refused = `--client-user 1001:1002 needs root, and ${reason}`;
    expect(() => requireClientUser(user, own)).toThrow(
      expect.objectContaining({ kind: 'bad-option', message: refused }),
    );
  });

  const hasSetpriv = spawnSync('setpriv', ['--version']).status === 0;

  /** Root without that capability, as in a hardened pod, waited for a client without end. */
  test.runIf(isRoot && hasSetpriv)('has to be one whose processes the check may end', () => {
    const without = ['--bounding-set=-kill', '--inh-caps=-all', process.execPath, 'dist/cli.js', 'check'];
    const words = [...without, '--only', 'growth/first-backup', '--client-user', '1001', '--', 'true'];
    const { status, stderr } = spawnSync('setpriv', words, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([64, expect.stringContaining('it needs the capability KILL')]);
  });

  test('is nothing that a function could be told', async () => {
    const judged = judgeForPrograms({ client: async () => {}, clientUser: user });
    await expect(judged).rejects.toMatchObject({ kind: 'bad-option', message: expect.stringMatching(/^clientUser: /) });
  });

  test.runIf(isRoot)('is that user alone, with folders of its own, and no hand on those of the server', async () => {
    const { evidence } = await play(
      `id -u; id -g; id -G
       for folder in "$BACKUP_DIR" "$BACKUP_STATE_DIR" "$TMPDIR" "$HOME"; do touch "$folder/mine" && echo own; done
       cluster=$(dirname "$BACKUP_DIR")/cluster
       find "$cluster" -name '*.events' -exec head -c 1 {} + >/dev/null && echo read
       touch "$cluster/node-1/events/mine" 2>/dev/null || echo denied
       mkdir "$BACKUP_DIR/closed"; touch "$BACKUP_DIR/closed/file"; chmod 0 "$BACKUP_DIR/closed"
       echo "$BACKUP_DIR"
       sleep 300 >/dev/null 2>&1 & exit 3`,
      user,
    );
    const [run] = evidence.runs;
    expect(run?.result.exitCode).toBe(3);
    const said = run?.result.stdout.split('\n') ?? [];
    expect(said.slice(0, -2)).toEqual(['1001', '1002', '1002', 'own', 'own', 'own', 'own', 'read', 'denied']);
    // It has ended what was left behind, and cleared away what it could not even look into by its own rights.
    expect(fs.existsSync(path.dirname(said.at(-2) ?? ''))).toBe(false);
  });

  test.runIf(isRoot)('is held against nobody who becomes another one by itself', async () => {
    const { report, evidence } = await play(
      'setpriv --reuid 1001 --clear-groups sh -c \'curl -sX POST "$AXONSERVER_URL/v1/backup/createControlDbBackup"; touch "$BACKUP_DIR/x"\'',
    );
    expect(evidence.runs[0]).toMatchObject({ deniedFolder: 'BACKUP_DIR', result: { exitCode: 1 } });
    const [scenario] = report.scenarios;
    expect(scenario?.message).toMatch(
      /^run 1 was denied BACKUP_DIR: .* Its exit code is right; --client-user UID gives/,
    );
    expect(scenario?.rules.find(({ id }) => id === 'outcome/exit-status-true')?.status).toBe('pass');
    expect(report.exitCode).toBe(2);
  });
});
