import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { encodeControlDbArchive } from '../../../server/formats/control-db-archive.ts';
import { ControlDb, loadSqlEngine } from '../../../server/stores/control-db.ts';
import { assess, sharedBackup } from '../../support/backups.ts';
import { sharedSchema } from '../../support/endless-schemas.ts';

const goodBackup = sharedBackup({ rate: 0.1 });

test('a control database whose schema has no end is a finding of both judges, which names the zip', async () => {
  const backup = goodBackup();
  const zip = fs.readdirSync(backup.folder).find((name) => name.endsWith('.zip')) ?? 'none';
  const image = sharedSchema(ControlDb.create(await loadSqlEngine()).image());
  fs.writeFileSync(path.join(backup.folder, zip), encodeControlDbArchive(image, 0));
  const found = await verifyBackup(backup.folder);
  expect(found.verdict).toBe('inconsistent');
  expect(found.problems).toContainEqual({
    kind: 'control-db-unreadable',
    where: zip,
    message: expect.stringContaining('its schema leads to page'),
  });
  const { problems } = await assess(backup);
  expect(problems.map(({ kind }) => kind)).toContain('control-db-unreadable');
});
