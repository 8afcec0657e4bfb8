import * as fs from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { sharedBackup } from '../../support/backups.ts';
import { realBackup } from '../../support/real-backups.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const schema = JSON.parse(
  fs.readFileSync(new URL('../../../conformance/schema/verification.schema.json', import.meta.url), 'utf8'),
) as object;
const simulated = sharedBackup();

test.each<[string, () => string]>([
  ["a simulated server's backup", () => simulated().folder],
  ["a real server's", () => realBackup({ database: 'small-2.4.240', indexes: 'jump-skip' }).folder],
  ["a real server's with something of everything missing", () => realBackup({ entriesLess: 3, eventsLess: 3 }).folder],
  ['one of nothing', () => temporaryFolder()],
])('what is said of %s keeps to the schema that is shipped', async (_what, folder) => {
  const keeps = new Ajv2020({ allErrors: true }).compile(schema);
  const verification: unknown = JSON.parse(JSON.stringify(await verifyBackup(folder())));
  keeps(verification);
  expect(keeps.errors ?? []).toEqual([]);
});
