import * as fs from 'node:fs';
import { expect, test } from 'vitest';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { fileAt, sharedBackup } from '../../support/backups.ts';

/*
 * No checksum covers these bytes, and start-up reads over them: `verify` called such backups consistent. A term begins at byte
 * 10 of the first log entry (5 bytes of the segment, then length and version), its type at 18.
 */

const goodBackup = sharedBackup();

test.each([
  ['the version of a segment of events', 'events/default', '.events', 0, 9, 'the segment has version 9'],
  ['the version of a transaction', 'events/default', '.events', 9, 7, 'the transaction at token 0 has version 7'],
  ['the version of a segment of snapshots', 'events/default', '.snapshots', 0, 0, 'the segment has version 0'],
  ['the version of a log segment', 'log/default', '.log', 0, 1, 'the segment has version 1'],
  ['the version of a log entry', 'log/default', '.log', 9, 3, 'has version 3, and nobody knows another than 0'],
  ['the type of a log entry', 'log/default', '.log', 21, 99, 'is of type 99, which nobody knows'],
  ['a term that goes down', 'log/default', '.log', 16, 5, 'terms never go down in a log'],
])('%s is told', async (_what, inside, suffix, at, value, message) => {
  const backup = goodBackup();
  expect((await verifyBackup(backup.folder)).problems).toEqual([]);
  const file = fileAt(backup, inside, suffix, 0);
  const bytes = fs.readFileSync(file);
  expect(bytes[at]).not.toBe(value);
  bytes[at] = value;
  fs.writeFileSync(file, bytes);
  const { verdict, problems } = await verifyBackup(backup.folder);
  expect(verdict).toBe('inconsistent');
  expect(problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
});
