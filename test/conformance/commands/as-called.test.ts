import { expect, test } from 'vitest';
import { commandAsCalled } from '../../../conformance/commands/as-called.ts';

const workingDir = '/home/me/project';

test.each([
  ['the file in the clone', `${workingDir}/dist/cli.js`, {}, 'node dist/cli.js'],
  ['a file elsewhere', '/opt/kit/dist/cli.js', {}, 'node /opt/kit/dist/cli.js'],
  ['a program on the PATH', '/usr/local/bin/axon-backup-kit', { PATH: '/bin:/usr/local/bin' }, 'axon-backup-kit'],
  ['a program elsewhere', '/opt/bin/axon-backup-kit', { PATH: '/bin' }, '/opt/bin/axon-backup-kit'],
  ['a dependency of the project', `${workingDir}/node_modules/.bin/axon-backup-kit`, {}, 'npx axon-backup-kit'],
  ['npx', '/home/me/.npm/_npx/1/node_modules/.bin/axon-backup-kit', { npm_command: 'exec' }, 'npx axon-backup-kit'],
])('%s is called again as it was', (_name, script, environment, expected) => {
  expect(commandAsCalled({ argv: ['node', script, 'check'], environment, workingDir }).join(' ')).toBe(expected);
});
