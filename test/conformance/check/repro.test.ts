import { expect, test } from 'vitest';
import { formatRepro, type ReproFlags } from '../../../conformance/check/report/repro.ts';

const flags: ReproFlags = { seed: 7, serverVersion: 'documented', capabilities: [], shell: false };

test('the command that repeats a scenario names whatever changes what happens in it', () => {
  const client = ['bash', './my backup.sh', '{url}'];
  expect(formatRepro('log/cleaned', client, flags)).toBe(
    "axon-backup-kit check --only log/cleaned --seed 7 -- bash './my backup.sh' {url}",
  );
  const all = {
    ...flags,
    serverVersion: '4.2',
    edition: 'standard',
    contextPath: '/axon',
    capabilities: ['no-snapshots'],
    restore: 'unpack it',
    failOn: 'warn',
    shell: true,
  };
  expect(formatRepro('log/cleaned', client, all as ReproFlags)).toBe(
    "axon-backup-kit check --only log/cleaned --seed 7 --server-version 4.2 --edition standard --context-path /axon --capabilities no-snapshots --restore 'unpack it' --fail-on warn --shell -- bash './my backup.sh' {url}",
  );
});

test('it is called as the check was, with a time limit that is not the usual one', () => {
  const kit = ['node', 'dist/cli.js'];
  expect(formatRepro('log/cleaned', ['./backup.sh'], { ...flags, kit, timeout: 90_000 })).toBe(
    'node dist/cli.js check --only log/cleaned --seed 7 --timeout 90000ms -- ./backup.sh',
  );
});

test('what a shell would take for something else is quoted', () => {
  const client = ['./tool', '{url}', '--nodes={nodes}', '{a,b}', '*.log', '~', '=x', '', '$HOME'];
  expect(formatRepro('log/cleaned', client, flags)).toMatch(
    / -- \.\/tool \{url\} --nodes=\{nodes\} '\{a,b\}' '\*\.log' '~' '=x' '' '\$HOME'$/,
  );
});
