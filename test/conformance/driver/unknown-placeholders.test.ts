import { expect, test } from 'vitest';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { unknownPlaceholderIn } from '../../../conformance/driver/unknown-placeholders.ts';

test.each([
  [['./tool', '--server', '{urll}'], '{urll}'],
  [['./tool', '--server={server}'], '{server}'],
  [['./tool', 'http://{ur}/x'], '{ur}'],
  [['./tool', '{dir}'], '{dir}'],
])('%j has a placeholder that there is not', (argv, unknown) => {
  expect(unknownPlaceholderIn(argv)).toBe(unknown);
});

test.each([
  [['./tool', '{url}', '--to={backup}', 'run-{run}']],
  [['bash', '-c', 'echo ${HOME} ${urll} $BACKUP_DIR']],
  [['awk', '{ print $1 }']],
  [['node', '-e', 'for (const x of []) {x}; const {name} = process']],
  [['tar', 'cf', 'backup-{date}.tar']],
])('%j is left alone', (argv) => {
  expect(unknownPlaceholderIn(argv)).toBeNull();
});

test('a driver is not made of such a command', () => {
  expect(() => new CommandDriver({ argv: ['./tool', '{urll}'], useShell: false, environment: {} })).toThrow(
    /given \{urll\}, and there is no such placeholder: \{url\}, \{nodes\}/,
  );
});
