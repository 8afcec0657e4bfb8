import * as fs from 'node:fs';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { startPush, untilFinished } from '../../../fixtures/clients/steps/pushed.ts';
import { realBackup, type RealBackup } from '../../support/real-backups.ts';
import { inProcess } from '../../support/reference-in-process.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('a context with a dynamic consistency boundary', () => {
  const parts = ['index', 'labels', 'labelupdates', 'snapshots', 'snapshotupdates'];

  /** A folder of one, beside the plain contexts; that of a running server has a lock in each part. */
  function addDcb({ folder }: RealBackup, { isPulled = false, context = 'orders-0' } = {}): void {
    const place = `${folder}/events/${context}`;
    for (const part of parts) {
      fs.mkdirSync(`${place}/${part}`, { recursive: true });
      for (const name of [
        'CURRENT',
        'MANIFEST-000004',
        'OPTIONS-000007',
        '000012.sst',
        ...(isPulled ? ['LOCK', 'LOG'] : []),
      ]) {
        fs.writeFileSync(`${place}/${part}/${name}`, part);
      }
    }
    fs.writeFileSync(`${place}/rainbow.lsi`, 'x');
    fs.writeFileSync(`${place}/00000000000000000000.headstore.bin`, 'x');
    fs.writeFileSync(`${place}/00000000000000000000.events`, 'no segment as others are');
  }

  test('is named as one, and not judged as a plain store', async () => {
    const backup = realBackup({ database: 'small-2.4.240' });
    addDcb(backup);
    const found = await verifyBackup(backup.folder);
    expect(found).toMatchObject({ verdict: 'consistent', problems: [] });
    expect(found.stores.map(({ context }) => context)).not.toContain('orders-0');
    expect(found.notes).toContainEqual(
      expect.stringMatching(/^events\/orders-0 \(files: 23\) is the folder of a context with/),
    );
    expect(found.notes.join()).not.toContain('other files');
  });

  test('is known in an archive too', async () => {
    const backup = realBackup({ database: 'small-2.4.240' });
    addDcb(backup);
    const files = fs
      .readdirSync(`${backup.folder}/events`, { recursive: true, encoding: 'utf8' })
      .filter((name) => fs.statSync(`${backup.folder}/events/${name}`).isFile());
    const entries = files.map((name) => [name, fs.readFileSync(`${backup.folder}/events/${name}`)] as const);
    fs.writeFileSync(`${backup.folder}/events.zip`, zipSync(Object.fromEntries(entries)));
    fs.rmSync(`${backup.folder}/events`, { recursive: true });
    const found = await verifyBackup(backup.folder);
    expect(found.problems).toEqual([]);
    expect(found.notes).toContainEqual(expect.stringMatching(/^events\.zip!orders-0 \(files: 23\)/));
  });

  test('that was copied from under a running server is told to be unsupported', async () => {
    const backup = realBackup({ database: 'small-2.4.240' });
    addDcb(backup, { isPulled: true });
    const found = await verifyBackup(backup.folder);
    expect(found).toMatchObject({
      verdict: 'inconsistent',
      problems: [{ kind: 'dcb-pulled', where: 'events/orders-0' }],
    });
    expect(found.problems[0]?.message).toContain('POST /v2/backup');
  });

  test('of which there are segments, by the word of the database, is told to be unsupported', async () => {
    const backup = realBackup({ database: 'small-2.4.240' });
    fs.cpSync(`${backup.folder}/events/orders`, `${backup.folder}/events/orders-0`, { recursive: true });
    const found = await verifyBackup(backup.folder);
    expect(found.problems).toMatchObject([{ kind: 'dcb-pulled', where: 'orders-0' }]);
  });

  test('of which nothing is there is noted', async () => {
    const found = await verifyBackup(realBackup({ database: 'small-2.4.240' }).folder);
    expect(found.problems).toEqual([]);
    expect(found.notes).toContainEqual(expect.stringContaining('of which nothing is here: orders-0'));
  });

  test('of a simulated server is known by its own database, whole and pulled', async () => {
    const places = temporaryFolder();
    const simulator = await stillSimulator({
      serverVersion: '2026.0',
      groups: [{ name: 'default', contexts: ['default', { name: 'billing', dcb: true }] }],
      dcbBackupFolders: [places],
    });
    for (const context of ['default', 'billing']) await simulator.control.append(context, { transactions: 20 });
    await simulator.clock.advance(10_000);
    const told = { url: urlOf(simulator), nodes: simulator.nodes, groups: simulator.groups.map(({ name }) => name) };
    const folders = { backupDir: `${places}/b`, stateDir: `${places}/s`, temporaryDir: places };
    const invocation = { ...told, ...folders, run: 1, contexts: ['default'], dcbContexts: ['billing'], token: null };
    const copyLive = inProcess({
      push: async (_run, context, location) =>
        fs.cpSync(`${simulator.nodes[0]?.eventsDir}/${context}`, `${location}/${context}`, { recursive: true }),
    });
    await copyLive({ ...invocation, signal: new AbortController().signal });
    expect((await verifyBackup(`${places}/b`)).problems).toMatchObject([{ kind: 'dcb-pulled' }]);

    fs.rmSync(`${places}/b`, { recursive: true });
    const pushing = inProcess({
      push: async (run, context, location) => {
        const id = await startPush(run, context, location);
        await simulator.clock.advance(5000);
        await untilFinished(run, id);
      },
    });
    await pushing({ ...invocation, signal: new AbortController().signal });
    const found = await verifyBackup(`${places}/b`);
    expect(found).toMatchObject({ verdict: 'consistent', problems: [] });
    expect(found.notes.join()).toContain('is the folder of a context with a dynamic consistency boundary');
  });

  test('is not seen in a stray file', async () => {
    const backup = realBackup();
    fs.writeFileSync(`${backup.folder}/events/default/rainbow.lsi`, 'x');
    const found = await verifyBackup(backup.folder);
    expect(found.problems).toEqual([]);
    expect(found.stores.map(({ context }) => context)).toContain('default');
  });
});
