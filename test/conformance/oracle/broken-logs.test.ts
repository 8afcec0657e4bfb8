import * as fs from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import {
  assess,
  backedUp,
  sharedBackup,
  fileAt,
  filesIn,
  flipByte,
  grownCluster,
  kindsOf,
  numberOf,
} from '../../support/backups.ts';
import { nodeOf } from '../../support/simulator.ts';

const log = 'log/default';

const goodBackup = sharedBackup();

describe('the control database', () => {
  test('is missing: nothing can be restored, and what the events hold is measured all the same', async () => {
    const backup = goodBackup();
    fs.rmSync(fileAt(backup, '.', '.zip', 0));
    const restoration = await assess(backup);
    expect(restoration.problems).toMatchObject([{ kind: 'no-control-db' }]);
    expect(restoration.losses).toEqual([]);
    const changes = backup.simulator.ledger.changes.filter(({ atMs }) => atMs <= backup.beforeMs);
    expect(changes.length).toBeGreaterThan(0);
    expect(restoration.lostChanges).toBe(changes.length);
    expect(restoration.stores[0]?.nextToken).toBeGreaterThan(1000n);
  });

  test('is the live file: that is none', async () => {
    const backup = goodBackup();
    fs.rmSync(fileAt(backup, '.', '.zip', 0));
    const live = path.join(nodeOf(backup.simulator).controlDbDir, 'axonserver-controldb.mv.db');
    fs.copyFileSync(live, path.join(backup.folder, 'axonserver-controldb.mv.db'));
    expect(kindsOf(await assess(backup))).toEqual(['no-control-db']);
  });

  test('is the live file in a zip of the right name: it cannot be opened', async () => {
    const backup = goodBackup();
    const live = path.join(nodeOf(backup.simulator).controlDbDir, 'axonserver-controldb.mv.db');
    const zip = zipSync({ 'axonserver-controldb.mv.db': fs.readFileSync(live) });
    fs.writeFileSync(fileAt(backup, '.', '.zip', 0), zip);
    expect(kindsOf(await assess(backup))).toEqual(['control-db-unreadable']);
  });

  test('is cut short: it cannot be read', async () => {
    const backup = goodBackup();
    const zip = fileAt(backup, '.', '.zip', 0);
    fs.truncateSync(zip, fs.statSync(zip).size - 30);
    expect(await assess(backup)).toMatchObject({
      problems: [{ kind: 'control-db-unreadable', where: path.basename(zip) }],
    });
  });

  test('is an older one than the log reaches back to: the log starts too late', async () => {
    const simulator = await grownCluster();
    const early = await backedUp({ simulator });
    await simulator.clock.advance(600_000);
    await simulator.control.cleanLog('node-1', 'default');
    const late = await backedUp({ simulator });
    fs.rmSync(fileAt(late, '.', '.zip', 0));
    const older = fileAt(early, '.', '.zip', 0);
    fs.copyFileSync(older, path.join(late.folder, path.basename(older)));
    const restoration = await assess(late);
    expect(restoration.problems).toMatchObject([
      { kind: 'log-starts-too-late', where: 'default' },
      { kind: 'apply-stopped', where: 'default', message: expect.stringContaining('Read before start') },
    ]);
    // The events are all there; the changes of _admin between the two are, too, since its log is still whole.
    expect(restoration).toMatchObject({ losses: [], lostChanges: 0 });
  });
});

describe('a log', () => {
  test('that is not there', async () => {
    const backup = goodBackup();
    fs.rmSync(path.join(backup.folder, log), { recursive: true });
    const restoration = await assess(backup);
    expect(restoration.problems).toMatchObject([{ kind: 'no-log', where: 'default' }]);
    expect(restoration.groups).toContainEqual(
      expect.objectContaining({ group: 'default', firstIndex: 0, lastIndex: 0 }),
    );
  });

  test('of _admin that is not there: its changes are in the control database, up to the POST', async () => {
    const backup = goodBackup();
    fs.rmSync(path.join(backup.folder, 'log', '_admin'), { recursive: true });
    expect(await assess(backup)).toMatchObject({ problems: [{ kind: 'no-log', where: '_admin' }], lostChanges: 0 });
  });

  test('of _admin from an earlier backup, with its control database: the changes since then are lost', async () => {
    const simulator = await grownCluster();
    const early = await backedUp({ simulator });
    await simulator.clock.advance(3600_000);
    const late = await backedUp({ simulator });
    fs.rmSync(fileAt(late, '.', '.zip', 0));
    fs.copyFileSync(fileAt(early, '.', '.zip', 0), path.join(late.folder, 'controldb1.zip'));
    fs.cpSync(path.join(early.folder, 'log', '_admin'), path.join(late.folder, 'log', '_admin'), { recursive: true });
    const since = simulator.ledger.changes.filter(
      ({ atMs }) => atMs > early.beforeMs + 10_000 && atMs <= late.beforeMs,
    );
    expect(since.length).toBeGreaterThan(2);
    expect((await assess(late)).lostChanges).toBe(since.length);
  });

  test('that lacks its newest segment: it ends too early', async () => {
    const backup = goodBackup();
    fs.rmSync(fileAt(backup, log, '.log', -1));
    const restoration = await assess(backup);
    expect(restoration.problems).toMatchObject([{ kind: 'log-ends-too-early', where: 'default' }]);
    expect(restoration.losses).toEqual([]);
  });

  test('with a stale segment of a higher number beside it', async () => {
    const backup = goodBackup();
    const stale = fileAt(backup, log, '.log', 1);
    const higher = numberOf(fileAt(backup, log, '.log', -1)) + 5000;
    fs.copyFileSync(stale, path.join(backup.folder, log, `${String(higher).padStart(20, '0')}.log`));
    const restoration = await assess(backup);
    expect(kindsOf(restoration)).toContain('log-gap');
  });

  test('with a stale segment that lies across the others', async () => {
    const backup = goodBackup();
    const across = String(numberOf(fileAt(backup, log, '.log', 2)) - 10).padStart(20, '0');
    fs.copyFileSync(fileAt(backup, log, '.log', 1), path.join(backup.folder, log, `${across}.log`));
    const restoration = await assess(backup);
    expect(restoration.problems[0]).toMatchObject({ kind: 'log-gap', where: 'default' });
    expect(restoration.problems[0]?.message).toContain('lies over the one before it');
  });

  test('with a segment missing in its middle', async () => {
    const backup = goodBackup();
    fs.rmSync(fileAt(backup, log, '.log', 2));
    expect(kindsOf(await assess(backup))).toEqual(['log-gap']);
  });

  test('with a flipped byte in an event: the server never looks, the checksum tells', async () => {
    const backup = goodBackup();
    const file = fileAt(backup, log, '.log', 1);
    // In the middle of an event's payload, well behind the fields that are read.
    flipByte(file, 5 + 17 + 200);
    expect(await assess(backup)).toMatchObject({
      problems: [{ kind: 'bad-checksum', where: path.relative(backup.folder, file) }],
    });
  });

  test('that is cut short in the middle of an entry', async () => {
    const backup = goodBackup();
    const file = fileAt(backup, log, '.log', -1);
    fs.truncateSync(file, 300);
    expect(await assess(backup)).toMatchObject({
      problems: [{ kind: 'log-unreadable', where: path.relative(backup.folder, file) }],
    });
  });

  test('of a node that lags behind the one that made the control database: it ends too early', async () => {
    const simulator = await grownCluster({ nodes: 3 });
    await simulator.control.delayReplication('node-3', 1800_000);
    await simulator.clock.advance(300_000);
    const backup = await backedUp({ simulator });
    const behind = await backedUp({ simulator, node: 2 });
    fs.rmSync(path.join(backup.folder, log), { recursive: true });
    fs.cpSync(path.join(behind.folder, log), path.join(backup.folder, log), { recursive: true });
    expect(kindsOf(await assess(backup))).toEqual(['log-ends-too-early']);
  });

  test('of another cluster: it is not the one that was committed', async () => {
    const backup = goodBackup();
    const other = await backedUp({ simulator: await grownCluster({ seed: 2 }) });
    const own = filesIn(backup, log, '.log').length;
    expect(own).toBeGreaterThan(3);
    fs.rmSync(path.join(backup.folder, log), { recursive: true });
    fs.cpSync(path.join(other.folder, log), path.join(backup.folder, log), { recursive: true });
    expect((await assess(backup)).problems).toContainEqual(
      expect.objectContaining({ kind: 'diverges', where: 'default', message: expect.stringContaining('of the log') }),
    );
  });
});
