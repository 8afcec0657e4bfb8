import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { requireReadOnly, withReadOnly } from '../../../conformance/driver/read-only-source.ts';
import type { Evidence } from '../../../conformance/journal/evidence.ts';
import { failureOf } from '../../support/failure-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Whether this very machine lets this very process make such a mount. */
const canMount = canBe(() => requireReadOnly(os.tmpdir()));

describe("the nodes' folders through a read-only mount", () => {
  test('are refused in one line where the system makes none, in its words', () => {
    const refuse = (): string => 'unshare: unshare failed: Operation not permitted';
    expect(failureOf(() => requireReadOnly('/tmp', refuse))).toMatchObject({
      kind: 'bad-option',
      message:
        '--source read-only: this system lets the caller make no read-only mount (unshare: unshare failed: Operation not permitted)',
    });
  });

  test('are put before everything else that the client is held to', () => {
    const user = { uid: 1001, gid: 1002 };
    expect(withReadOnly('/a b', ['client', '$x'], user).slice(-9)).toEqual([
      'sh',
      '/a b',
      'setpriv',
      '--reuid=1001',
      '--regid=1002',
      '--clear-groups',
      '--',
      'client',
      '$x',
    ]);
  });

  test.runIf(canMount).each([false, true])(
    'can be read, and nothing in them written, by the client alone (shell: %s)',
    async (useShell) => {
      const script = `cluster=$(dirname "$BACKUP_DIR")/cluster
        touch "$cluster/node-1/events/mine" 2>&1 | grep -o 'Read-only file system'
        find "$cluster" -name '*.events' -exec head -c 1 {} + >/dev/null && echo read
        touch "$BACKUP_DIR/mine" && echo written
        sleep 300 >/dev/null 2>&1 & exit 3`;
      const argv = useShell ? [script] : ['sh', '-c', script];
      let evidence: Evidence | null = null;
      const driver = new CommandDriver({ argv, useShell, environment: process.env, isSourceReadOnly: true });
      const onEvidence = (left: Evidence): void => void (evidence = left);
      await runConformance({ driver, only: ['growth/first-backup'], keepsFailures: false, onEvidence });
      expect(evidence).toMatchObject({
        runs: [{ result: { exitCode: 3, stdout: 'Read-only file system\nread\nwritten\n' }, sourceDamage: [] }],
      });
    },
  );

  test.runIf(canMount)('leave no mount behind', () => {
    const folder = temporaryFolder();
    requireReadOnly(folder);
    fs.writeFileSync(path.join(folder, 'file'), '');
    expect(fs.readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder);
    expect(fs.readdirSync(folder)).toEqual(['file']);
  });
});

function canBe(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
