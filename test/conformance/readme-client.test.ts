import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runConformance } from '../../conformance/check/run-conformance.ts';
import { CommandDriver } from '../../conformance/driver/command-driver.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The client that the README shows, as a reader would save it. */
function savedFromReadme(): string {
  const readme = fs.readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
  const script = /<!-- twenty-lines\.sh -->\n```bash\n(?<script>[\s\S]*?)```/.exec(readme)?.groups?.['script'] ?? '';
  // The one that `init` writes, too.
  expect(script).toBe(
    fs.readFileSync(path.resolve(import.meta.dirname, '../../conformance/starter/backup.sh'), 'utf8'),
  );
  const file = path.join(temporaryFolder(), 'my-backup.sh');
  fs.writeFileSync(file, script);
  return file;
}

test('the client that the README shows keeps every rule that must be kept', async () => {
  const report = await runConformance({
    driver: new CommandDriver({ argv: ['bash', savedFromReadme()], useShell: false, environment: process.env }),
    only: [
      'growth/first-backup',
      'coverage/group-named-otherwise',
      'coverage/context-needs-encoding',
      'access/*',
      'fault/no-list-once',
    ],
    jobs: 1,
    keepsFailures: false,
  });
  const failed = report.scenarios.filter(({ status }) => status !== 'pass' && status !== 'warn');
  expect(failed.map(({ id, status, message }) => [id, status, message])).toEqual([]);
  expect(report.exitCode).toBe(0);
});

test('it has the server write what is not to be copied from under it', async () => {
  const report = await runConformance({
    driver: new CommandDriver({ argv: ['bash', savedFromReadme()], useShell: false, environment: process.env }),
    only: ['dcb/*'],
    serverVersion: '2026.0',
    jobs: 1,
    keepsFailures: false,
  });
  const failed = report.scenarios.filter(({ status }) => status !== 'pass' && status !== 'warn');
  expect(failed.map(({ id, status, message }) => [id, status, message])).toEqual([]);
  expect(report.exitCode).toBe(0);
});
