import path from 'node:path';
import { expect } from 'vitest';
import { CommandDriver } from '../../conformance/driver/command-driver.ts';
import { runConformance } from '../../conformance/check/run-conformance.ts';
import { testWithPython } from '../support/independent-reader.ts';

const client = path.resolve(import.meta.dirname, '../independent/backup_client.py');

/** Where layout, order and timing of an unknown client are most easily taken for a mistake. */
const only = [
  'growth/{grows-between-runs,rolls-while-copying}',
  'coverage/{several-contexts,context-needs-encoding}',
  'log/*',
  'order/other-node',
  'fault/{log-refused,events-broken-off}',
  'listing/{shuffled,missing-index}',
  'interruption/{mid-events,copy-fails,overlapping-runs}',
  'access/token-needed',
];

// It was written in Python by somebody who had seen the contract and nothing of this repository.
testWithPython('a client that was written from the contract alone is not failed', async () => {
  const driver = new CommandDriver({ argv: ['python3', client], useShell: false, environment: process.env });
  const report = await runConformance({ driver, only, jobs: 2, keepsFailures: false });
  const played = report.scenarios.filter(({ status }) => status !== 'not-applicable');
  const trouble = played.flatMap(({ id, status, message, rules }) =>
    status === 'pass' ? [] : [{ id, status, message, rules: rules.filter((rule) => rule.status !== 'pass') }],
  );
  expect(trouble).toEqual([]);
  expect(report.exitCode).toBe(0);
  expect(played.length).toBeGreaterThan(12);
});
