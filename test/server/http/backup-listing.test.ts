import * as fs from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../server/index.ts';
import { growSegments, nodeOf, stillSimulator, urlOf } from '../../support/simulator.ts';

type Query = Readonly<Record<string, string | number>>;

async function filenames(simulator: Simulator, query: Query): Promise<string[]> {
  const answer = await request(urlOf(simulator)).get('/v1/backup/filenames').query(query).expect(200);
  expect(answer.headers['content-type']).toBe('application/json');
  return answer.body;
}

async function eventStore(
  simulator: Simulator,
  query: Query,
): Promise<{ lastClosedSegment: number; filenames: string[] }> {
  const answer = await request(urlOf(simulator)).get('/v1/backup/eventstore').query(query).expect(200);
  expect(answer.headers['content-type']).toBe('application/json');
  return answer.body;
}

/** Numbers of the segments whose data files are named, in the order of the names. */
function segmentsIn(names: readonly string[]): number[] {
  return names
    .filter((name) => /\.(events|snapshots)$/.test(name))
    .map((name) => Number(path.basename(name).slice(0, 20)));
}

/** A store with at least three closed segments, number 0 among them. */
async function grownSimulator(): Promise<{ simulator: Simulator; closed: readonly number[]; open: number }> {
  const simulator = await stillSimulator();
  const { closed, open } = await growSegments(simulator);
  expect(closed.length).toBeGreaterThanOrEqual(3);
  expect(closed[0]).toBe(0);
  return { simulator, closed, open };
}

describe('GET /v1/backup/filenames', () => {
  test('lists every closed segment in ascending order, with its data, index and bloom file', async () => {
    const { simulator, closed } = await grownSimulator();
    const names = await filenames(simulator, { type: 'EVENT' });
    expect(segmentsIn(names)).toEqual(closed);
    expect(names).toEqual(names.toSorted());
    const suffixes = names
      .filter((name) => path.basename(name).startsWith('00000000000000000000'))
      .map((name) => path.extname(name));
    expect(suffixes).toEqual(['.bloom', '.events', '.index']);
  });

  test('names files by absolute paths below the folder of the node, and all of them exist', async () => {
    const { simulator } = await grownSimulator();
    const { eventsDir } = nodeOf(simulator);
    for (const name of await filenames(simulator, { type: 'EVENT' })) {
      expect(path.dirname(name)).toBe(`${eventsDir}/default`);
      expect(fs.statSync(name).isFile()).toBe(true);
    }
  });

  test('the open segment is never listed', async () => {
    const { simulator, open } = await grownSimulator();
    expect(segmentsIn(await filenames(simulator, { type: 'EVENT' }))).not.toContain(open);
    expect(segmentsIn(await filenames(simulator, { type: 'EVENT', lastSegmentBackedUp: open - 1 }))).toEqual([]);
  });

  test('the cursor is left out itself: a segment is listed when its number is above it', async () => {
    const { simulator, closed } = await grownSimulator();
    for (const [place, segment] of closed.entries()) {
      const at = await filenames(simulator, { type: 'EVENT', lastSegmentBackedUp: segment });
      expect(segmentsIn(at)).toEqual(closed.slice(place + 1));
      const below = await filenames(simulator, { type: 'EVENT', lastSegmentBackedUp: segment - 1 });
      expect(segmentsIn(below)).toEqual(closed.slice(place));
    }
  });

  test('-1 and an empty number mean everything, 0 means that segment 0 is safe', async () => {
    const { simulator, closed } = await grownSimulator();
    const everything = await filenames(simulator, { type: 'EVENT' });
    expect(await filenames(simulator, { type: 'EVENT', lastSegmentBackedUp: -1 })).toEqual(everything);
    expect(await filenames(simulator, { type: 'EVENT', lastSegmentBackedUp: '' })).toEqual(everything);
    expect(segmentsIn(await filenames(simulator, { type: 'EVENT', lastSegmentBackedUp: 0 }))).toEqual(closed.slice(1));
  });

  test('the largest and the smallest 64-bit number are cursors like any other', async () => {
    const { simulator, closed } = await grownSimulator();
    expect(await filenames(simulator, { type: 'EVENT', lastSegmentBackedUp: '9223372036854775807' })).toEqual([]);
    const all = await filenames(simulator, { type: 'EVENT', lastSegmentBackedUp: '-9223372036854775808' });
    expect(segmentsIn(all)).toEqual(closed);
  });

  test('a cursor at or beyond the last closed segment gives an empty list', async () => {
    const { simulator, closed } = await grownSimulator();
    expect(await filenames(simulator, { type: 'EVENT', lastSegmentBackedUp: closed.at(-1) ?? 0 })).toEqual([]);
    expect(await filenames(simulator, { type: 'EVENT', lastSegmentBackedUp: 1_000_000 })).toEqual([]);
  });

  test('a new store has nothing to list', async () => {
    const simulator = await stillSimulator();
    expect(await filenames(simulator, { type: 'EVENT' })).toEqual([]);
  });

  test('events and snapshots are listed apart, each with files of their own kind', async () => {
    const simulator = await stillSimulator();
    const events = await growSegments(simulator, { transactions: 40 });
    const snapshots = await growSegments(simulator, { type: 'SNAPSHOT', transactions: 20 });
    expect(segmentsIn(await filenames(simulator, { type: 'EVENT' }))).toEqual(events.closed);
    const names = await filenames(simulator, { type: 'SNAPSHOT' });
    expect(segmentsIn(names)).toEqual(snapshots.closed);
    expect(new Set(names.map((name) => path.extname(name)))).toEqual(new Set(['.sbloom', '.sindex', '.snapshots']));
  });

  test('parameters that it does not know are ignored', async () => {
    const { simulator, closed } = await grownSimulator();
    const names = await filenames(simulator, {
      type: 'EVENT',
      lastClosedSegmentBackedUp: 1_000_000,
      targetContext: 'x',
    });
    expect(segmentsIn(names)).toEqual(closed);
  });
});

describe('GET /v1/backup/eventstore', () => {
  test('lists what /filenames lists, and the data file of the open segment behind it', async () => {
    const { simulator, open } = await grownSimulator();
    const { eventsDir } = nodeOf(simulator);
    const openFile = `${eventsDir}/default/${String(open).padStart(20, '0')}.events`;
    const listed = await eventStore(simulator, { type: 'EVENT' });
    expect(listed.filenames).toEqual([...(await filenames(simulator, { type: 'EVENT' })), openFile]);
    expect(fs.statSync(openFile).isFile()).toBe(true);
  });

  test('answers with two members, in the order of the server', async () => {
    const { simulator } = await grownSimulator();
    expect(Object.keys(await eventStore(simulator, { type: 'EVENT' }))).toEqual(['lastClosedSegment', 'filenames']);
  });

  test('the open segment is listed whatever the cursor is', async () => {
    const { simulator, closed, open } = await grownSimulator();
    for (const lastClosedSegmentBackedUp of [-1, 0, closed.at(-1) ?? 0, open, open + 1, 1_000_000]) {
      const listed = await eventStore(simulator, { type: 'EVENT', lastClosedSegmentBackedUp });
      expect(segmentsIn(listed.filenames)).toContain(open);
      expect(segmentsIn(listed.filenames)).toEqual([
        ...closed.filter((segment) => segment > lastClosedSegmentBackedUp),
        open,
      ]);
    }
  });

  test('lastClosedSegment is the highest closed segment, whatever the cursor is', async () => {
    const { simulator, closed } = await grownSimulator();
    for (const lastClosedSegmentBackedUp of ['', -1, 0, closed.at(-1) ?? 0, 1_000_000]) {
      const listed = await eventStore(simulator, { type: 'EVENT', lastClosedSegmentBackedUp });
      expect(listed.lastClosedSegment).toBe(closed.at(-1));
    }
  });

  test('while nothing is closed lastClosedSegment is -1 and the open segment is the only file', async () => {
    const simulator = await stillSimulator();
    const { lastClosedSegment, filenames: names } = await eventStore(simulator, { type: 'SNAPSHOT' });
    expect(lastClosedSegment).toBe(-1);
    expect(names).toEqual([`${nodeOf(simulator).eventsDir}/default/00000000000000000000.snapshots`]);
  });

  test('lastClosedSegment passed back brings what has closed since, and not a segment more', async () => {
    const simulator = await stillSimulator();
    await simulator.control.append('default', { transactions: 20 });
    await simulator.clock.advance(60_000);
    const first = await eventStore(simulator, { type: 'EVENT' });
    await simulator.control.append('default', { transactions: 20 });
    await simulator.clock.advance(60_000);
    const cursor = first.lastClosedSegment;
    const second = await eventStore(simulator, { type: 'EVENT', lastClosedSegmentBackedUp: cursor });
    const all = segmentsIn((await eventStore(simulator, { type: 'EVENT' })).filenames);
    expect(segmentsIn(second.filenames)).toEqual(all.filter((segment) => segment > cursor));
    expect(second.lastClosedSegment).toBeGreaterThan(cursor);
  });

  test('lastSegmentBackedUp, the name that /filenames has for it, is ignored', async () => {
    const { simulator, closed, open } = await grownSimulator();
    const { filenames: names } = await eventStore(simulator, {
      type: 'EVENT',
      lastSegmentBackedUp: closed.at(-1) ?? 0,
    });
    expect(segmentsIn(names)).toEqual([...closed, open]);
  });

  test('a segment that is full but not closed yet is listed as active, though not as the last closed', async () => {
    const simulator = await stillSimulator();
    await simulator.control.append('default', { transactions: 40 });
    const { lastClosedSegment, filenames: names } = await eventStore(simulator, {
      type: 'EVENT',
      lastClosedSegmentBackedUp: 1_000_000,
    });
    const active = segmentsIn(names);
    expect(active.length).toBeGreaterThan(1);
    expect(active).toEqual(active.toSorted((a, b) => a - b));
    expect(active.every((segment) => segment > lastClosedSegment)).toBe(true);
    expect(names.every((name) => name.endsWith('.events'))).toBe(true);
  });
});
