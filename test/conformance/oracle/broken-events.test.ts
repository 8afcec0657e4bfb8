import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Loss } from '../../../conformance/journal/restoration.ts';
import type { Simulator } from '../../../server/index.ts';
import {
  assess,
  backedUp,
  sharedBackup,
  cutFile,
  fileAt,
  flipByte,
  grownCluster,
  kindsOf,
  numberOf,
} from '../../support/backups.ts';
import { backUp } from '../../support/backup-client.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const events = 'events/default';

/** Acknowledged events of `default` from one token up to, and without, another. */
function acknowledged(simulator: Simulator, from: number, to: number): Loss[] {
  const ledger = simulator.ledger.of('default', 'EVENT');
  const inside = Array.from({ length: ledger.length }, (_, place) => ledger.at(place)).filter(
    ({ firstToken }) => firstToken >= from && firstToken < to,
  );
  const [first] = inside;
  const last = inside.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    {
      context: 'default',
      type: 'EVENT',
      events: inside.reduce((sum, { eventCount }) => sum + eventCount, 0),
      firstToken: first.firstToken,
      lastToken: last.firstToken + BigInt(last.eventCount) - 1n,
      fromMs: first.atMs,
      virtualMs: last.atMs - first.atMs,
    },
  ];
}

/** Acknowledged events from a token on, up to a virtual time. */
function acknowledgedUntil(simulator: Simulator, from: number, untilMs: number): Loss[] {
  const ledger = simulator.ledger.of('default', 'EVENT');
  let to = from;
  for (let place = 0; place < ledger.length; place++) {
    const { firstToken, eventCount, atMs } = ledger.at(place);
    if (atMs <= untilMs) to = Number(firstToken) + eventCount;
  }
  return acknowledged(simulator, from, to);
}

const goodBackup = sharedBackup();

describe('segments that are missing', () => {
  test('in the middle: a gap, and what was in it is lost', async () => {
    const backup = goodBackup();
    const gone = fileAt(backup, events, '.events', 3);
    const next = fileAt(backup, events, '.events', 4);
    fs.rmSync(gone);
    const restoration = await assess(backup);
    expect(restoration.problems).toMatchObject([{ kind: 'event-gap', where: 'default' }]);
    expect(restoration.problems[0]?.message).toContain(`tokens ${numberOf(gone)} to ${numberOf(next) - 1}`);
    expect(restoration.losses).toEqual(acknowledged(backup.simulator, numberOf(gone), numberOf(next)));
  });

  test('the very first: a gap, though the node starts', async () => {
    const backup = goodBackup();
    const next = fileAt(backup, events, '.events', 1);
    fs.rmSync(fileAt(backup, events, '.events', 0));
    const restoration = await assess(backup);
    expect(kindsOf(restoration)).toEqual(['event-gap']);
    expect(restoration.losses).toEqual(acknowledged(backup.simulator, 0, numberOf(next)));
  });

  test('the newest closed one: the node does not even start', async () => {
    const backup = goodBackup();
    const gone = fileAt(backup, events, '.events', -2);
    const next = fileAt(backup, events, '.events', -1);
    fs.rmSync(gone);
    const restoration = await assess(backup);
    expect(kindsOf(restoration)).toEqual(['event-gap', 'does-not-start']);
    expect(restoration.problems[1]?.message).toMatch(/node-1: Failed to start storage: \[AXONIQ-9200\]/);
    expect(restoration.problems[1]?.message).not.toContain('/tmp');
    expect(restoration.losses).toEqual(acknowledged(backup.simulator, numberOf(gone), numberOf(next)));
  });

  test('the open one: the events end behind the control database, and the log does not bring them again', async () => {
    const backup = goodBackup();
    const gone = fileAt(backup, events, '.events', -1);
    fs.rmSync(gone);
    const restoration = await assess(backup);
    expect(kindsOf(restoration)).toEqual(['events-behind-control-db', 'apply-stopped']);
    expect(restoration.losses).toEqual(acknowledgedUntil(backup.simulator, numberOf(gone), backup.beforeMs));
  });

  test('the open one, by declaration: what the log still has of it is not lost', async () => {
    const simulator = await grownCluster();
    const backup = await backedUp({ simulator, includesOpenSegments: false });
    const strict = await assess(backup);
    const lenient = await assess(backup, { includesOpenSegments: false });
    expect(kindsOf(lenient)).toContain('events-behind-control-db');
    expect(kindsOf(lenient)).toEqual(kindsOf(strict));
    expect(strict.losses.length).toBeGreaterThan(0);
    expect(lenient.losses).toEqual([]);
  });

  test('all snapshots', async () => {
    const backup = goodBackup();
    for (const name of fs.readdirSync(path.join(backup.folder, events))) {
      if (name.includes('.s')) fs.rmSync(path.join(backup.folder, events, name));
    }
    const restoration = await assess(backup);
    expect(restoration.problems.filter(({ kind }) => kind === 'events-behind-control-db')).toMatchObject([
      { where: 'default', message: expect.stringContaining('SNAPSHOT') },
    ]);
    expect(restoration.losses).toMatchObject([{ type: 'SNAPSHOT', firstToken: 0n }]);
  });

  test('a whole context', async () => {
    const contexts = ['default', 'orders'];
    const backup = await backedUp({ simulator: await grownCluster({ contexts }), contexts });
    fs.rmSync(path.join(backup.folder, 'events', 'orders'), { recursive: true });
    const { losses, problems } = await assess(backup, { contexts });
    expect(new Set(problems.map(({ where }) => where))).toEqual(new Set(['orders']));
    expect(losses).toMatchObject([
      { context: 'orders', type: 'EVENT', firstToken: 0n },
      { context: 'orders', type: 'SNAPSHOT', firstToken: 0n },
    ]);
  });
});

describe('segments that are damaged', () => {
  test('in an old one, which no start looks at: the checksum shows it', async () => {
    const backup = goodBackup();
    const file = fileAt(backup, events, '.events', 2);
    flipByte(file, 100);
    const restoration = await assess(backup);
    expect(restoration.problems).toMatchObject([
      { kind: 'bad-checksum', where: path.relative(backup.folder, file), message: expect.stringContaining('token') },
    ]);
    expect(restoration.losses).toMatchObject([{ firstToken: BigInt(numberOf(file)), virtualMs: 0 }]);
  });

  test('in a new one: the node does not start', async () => {
    const backup = goodBackup();
    flipByte(fileAt(backup, events, '.events', -1), 100);
    expect(kindsOf(await assess(backup))).toEqual(['bad-checksum', 'does-not-start']);
  });

  test('cut short: it cannot be read, and what is behind the cut is lost', async () => {
    const backup = goodBackup();
    const file = fileAt(backup, events, '.events', 2);
    cutFile(file, 5000);
    const restoration = await assess(backup);
    expect(restoration.problems).toMatchObject([
      { kind: 'events-unreadable', where: path.relative(backup.folder, file) },
    ]);
    expect(restoration.losses).toMatchObject([
      { lastToken: BigInt(numberOf(fileAt(backup, events, '.events', 3)) - 1) },
    ]);
  });

  test('cut to nothing: it cannot be read', async () => {
    const backup = goodBackup();
    cutFile(fileAt(backup, events, '.events', -1), 3);
    expect(kindsOf(await assess(backup))).toEqual(['events-unreadable', 'does-not-start']);
  });
});

describe('segments of another time', () => {
  test('copied before the control database was, and the log is cleaned: a hole that nothing fills', async () => {
    const simulator = await grownCluster();
    const early = await backedUp({ simulator });
    await simulator.clock.advance(600_000);
    await simulator.control.cleanLog('node-1', 'default');
    const late = await backedUp({ simulator });
    const stale = path.join(late.folder, events);
    fs.rmSync(stale, { recursive: true });
    fs.cpSync(path.join(early.folder, events), stale, { recursive: true });
    const restoration = await assess(late);
    expect(new Set(kindsOf(restoration))).toEqual(new Set(['events-behind-control-db', 'apply-stopped']));
    const [loss] = restoration.losses;
    expect(loss?.virtualMs).toBeGreaterThan(590_000);
    expect(loss).toEqual(acknowledgedUntil(simulator, Number(loss?.firstToken), late.beforeMs)[0]);
  });

  test('an old copy of the open segment that is not replaced when it has closed: a gap behind it', async () => {
    const simulator = await grownCluster();
    const folder = temporaryFolder();
    const cursors = new Map<string, number>();
    await backUp(simulator, folder, { cursors });
    const open = fs
      .readdirSync(path.join(folder, events))
      .filter((name) => name.endsWith('.events'))
      .toSorted()
      .at(-1);
    const before = fs.readFileSync(path.join(folder, events, String(open)));
    await simulator.clock.advance(400_000);
    const beforeMs = await backUp(simulator, folder, { cursors, run: 2 });
    fs.writeFileSync(path.join(folder, events, String(open)), before);
    expect(kindsOf(await assess({ simulator, folder, beforeMs }))).toContain('event-gap');
  });

  test('of another cluster: it diverges from what was acknowledged', async () => {
    const backup = goodBackup();
    const other = await backedUp({ simulator: await grownCluster({ seed: 2 }) });
    fs.rmSync(path.join(backup.folder, events), { recursive: true });
    fs.cpSync(path.join(other.folder, events), path.join(backup.folder, events), { recursive: true });
    expect(kindsOf(await assess(backup))).toContain('diverges');
  });
});
