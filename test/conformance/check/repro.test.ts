import { expect, test } from 'vitest';
import { formatRepro, type ReproFlags } from '../../../conformance/check/repro.ts';

const flags: ReproFlags = { seed: 7, serverVersion: 'documented', capabilities: [], shell: false };

test('the command that repeats a scenario names whatever changes what happens in it', () => {
  const client = ['bash', './my backup.sh', '{url}'];
  expect(formatRepro('log/cleaned', client, flags)).toBe(
    "axon-backup-kit check --only log/cleaned --seed 7 -- bash './my backup.sh' {url}",
  );
  const all = { ...flags, serverVersion: '4.2', capabilities: ['no-snapshots'], restore: 'unpack it', shell: true };
  expect(formatRepro('log/cleaned', client, all as ReproFlags)).toBe(
    "axon-backup-kit check --only log/cleaned --seed 7 --server-version 4.2 --capabilities no-snapshots --restore 'unpack it' --shell -- bash './my backup.sh' {url}",
  );
});
