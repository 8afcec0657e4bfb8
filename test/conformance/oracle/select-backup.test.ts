import { describe, expect, test } from 'vitest';
import type { BackupFile, BackupFileKind } from '../../../conformance/journal/inventory.ts';
import { newestControlDb } from '../../../conformance/oracle/examination/newest-control-db.ts';
import { selectBackup, type SelectedBackup } from '../../../conformance/oracle/examination/select-backup.ts';

/* Segments of 10 events, unless told otherwise; later files of a list are newer. */

interface Sketch {
  readonly container: string;
  readonly name: string;
  readonly what: BackupFileKind;
  readonly run?: number;
  readonly end?: number;
}

const ends = new WeakMap<BackupFile, bigint>();

function filesOf(sketches: readonly Sketch[]): BackupFile[] {
  return sketches.map(({ container, name, what, run = 1, end }, place) => {
    const file: BackupFile = {
      path: `${container}/${name}`,
      name,
      container,
      sizeBytes: 1,
      checksum: '',
      link: 'none',
      writtenInRun: run,
      recency: place + 1,
      what,
      readBytes: () => Buffer.alloc(0),
    };
    if (what.kind === 'segment') ends.set(file, end === undefined ? what.segment + 10n : BigInt(end));
    return file;
  });
}

function events(container: string, segment: number, end = segment + 10, version = 0): Sketch {
  const marker = version === 0 ? '' : `_${String(version).padStart(5, '0')}`;
  const what = { kind: 'segment', type: 'EVENT', context: 'default', segment: BigInt(segment) } as const;
  return { container, name: `${String(segment).padStart(20, '0')}${marker}.events`, what, end };
}

function index(container: string, segment: number, suffix: string): Sketch {
  const what = { kind: 'index', type: 'EVENT', context: 'default', segment: BigInt(segment), suffix } as const;
  return { container, name: `${String(segment).padStart(20, '0')}${suffix}`, what };
}

function log(container: string, firstIndex: number, group = 'default'): Sketch {
  return { container, name: `${String(firstIndex).padStart(20, '0')}.log`, what: { kind: 'log', group, firstIndex } };
}

function zip(name: string, run = 1): Sketch {
  return { container: '.', name, what: { kind: 'control-db-zip' }, run };
}

function endOf(file: BackupFile): bigint | null {
  return ends.get(file) ?? null;
}

function select(sketches: readonly Sketch[]): SelectedBackup {
  const options = { contexts: ['default'], groups: ['_admin', 'default'], endOf };
  return selectBackup({ files: filesOf(sketches), unreadable: [] }, options);
}

function eventPaths(sketches: readonly Sketch[]): string[] {
  const store = select(sketches).stores.find(({ type }) => type === 'EVENT');
  return store?.segments.map(({ segment, data }) => `${data.container}:${segment}`) ?? [];
}

describe('events', () => {
  test('of one tree are all there is of them', () => {
    expect(eventPaths([events('a', 20), events('a', 0), events('a', 10)])).toEqual(['a:0', 'a:10', 'a:20']);
  });

  test('of several folders are the newest copy of each segment', () => {
    const sketches = [events('run-1', 0), events('run-1', 10, 13), events('run-2', 10), events('run-2', 20)];
    expect(eventPaths(sketches)).toEqual(['run-1:0', 'run-2:10', 'run-2:20']);
  });

  test('whose boundaries are another node’s are no supplement to a whole copy', () => {
    const sketches = [events('node-1', 0, 15), events('node-1', 15, 30), events('node-2', 0), events('node-2', 10, 35)];
    expect(eventPaths(sketches)).toEqual(['node-2:0', 'node-2:10']);
  });

  /** The open segment of a full backup was kept, and the increment that had it closed left out: a gap that was none. */
  test('of a last segment that was open come from wherever a copy of it goes on', () => {
    const full = [events('full', 0), events('full', 10, 13), log('full', 1), log('full', 1, '_admin')];
    const increment = [events('daily', 10), events('daily', 20)];
    const inFull = { container: 'full', name: 'controldb1.zip', what: { kind: 'control-db-zip' } } as const;
    expect(eventPaths([...full.slice(1), inFull, events('older', 0), ...increment])).toEqual([
      'older:0',
      'daily:10',
      'daily:20',
    ]);
  });

  test('that lie over each other in one folder all count: the restore meets them, too', () => {
    expect(eventPaths([events('a', 0, 15), events('a', 10, 20)])).toEqual(['a:0', 'a:10']);
  });

  test('of an empty open segment are left out where a newer copy has gone on past it', () => {
    expect(eventPaths([events('run-1', 15, 15), events('run-2', 0), events('run-2', 10, 20)])).toEqual([
      'run-2:0',
      'run-2:10',
    ]);
  });

  test('of a higher version replace those of a lower one, and newer ones of a lower version do not', () => {
    const sketches = [events('a', 0, 10, 1), events('a', 0), index('a', 0, '.index')];
    const [segment] = select(sketches).stores[0]?.segments ?? [];
    expect(segment?.data.name).toBe('00000000000000000000_00001.events');
    expect(segment?.companions).toEqual([]);
  });

  /** A whole backup was refused for the index of an hour later, when its open segment had closed. */
  test('do not come with an index that lies beside a copy with other events', () => {
    const taken = [events('a', 0), events('a', 10, 13), log('a', 1), log('a', 1, '_admin')];
    const inA = { container: 'a', name: 'controldb1.zip', what: { kind: 'control-db-zip' } } as const;
    const closed = (end: number): Sketch[] => [...taken, inA, events('b', 10, end), index('b', 10, '.index')];
    const companionsOf = (end: number): string[] =>
      select(closed(end)).stores[0]?.segments.flatMap(({ companions }) => companions.map((file) => file.path)) ?? [];
    expect(companionsOf(20)).toEqual([]);
    expect(companionsOf(13)).toEqual(['b/00000000000000000010.index']);
  });

  test('come with the indexes beside them, or else the newest', () => {
    const sketches = [index('a', 0, '.index'), events('a', 0), index('b', 0, '.index'), index('b', 0, '.bloom')];
    const companions = select(sketches).stores[0]?.segments[0]?.companions;
    expect(companions?.map(({ path }) => path).toSorted()).toEqual([
      'a/00000000000000000000.index',
      'b/00000000000000000000.bloom',
    ]);
  });
});

describe('a log', () => {
  test('is all that lies where its newest copy lies, and nothing of elsewhere', () => {
    const { logs } = select([
      log('run-1', 1),
      log('run-1', 50),
      log('run-2', 30),
      log('run-2', 1),
      log('other', 9, '_admin'),
    ]);
    expect(
      logs.map(({ group, segments }) => [
        group,
        ...segments.map(({ file }) => `${file.container}:${file.name.slice(18, 20)}`),
      ]),
    ).toEqual([
      ['_admin', 'other:09'],
      ['default', 'run-2:01', 'run-2:30'],
    ]);
  });

  test('that is not there is empty', () => {
    expect(select([]).logs).toEqual([
      { group: '_admin', segments: [] },
      { group: 'default', segments: [] },
    ]);
  });
});

function newest(...sketches: Sketch[]): string | undefined {
  return newestControlDb(filesOf(sketches))?.name;
}

describe('the control database', () => {
  test('is the one that the last run wrote', () => {
    expect(newest(zip('controldb9.zip', 1), zip('any.zip', 2), zip('controldb8.zip', 1))).toBe('any.zip');
  });

  test('of several that one run has copied, is the one that was made last, in whatever order they were copied', () => {
    expect(newest(zip('controldb1700000000200.zip'), zip('controldb1700000000100.zip'))).toBe(
      'controldb1700000000200.zip',
    );
  });

  test('is the newest by its times where names tell nothing', () => {
    expect(newest(zip('b.zip'), zip('a.zip'))).toBe('a.zip');
    expect(newest()).toBeUndefined();
  });
});
