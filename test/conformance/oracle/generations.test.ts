import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BackupFile, BackupFileKind } from '../../../conformance/journal/inventory.ts';
import {
  filesOfSelection,
  selectBackup,
  type SelectedBackup,
} from '../../../conformance/oracle/examination/select-backup.ts';

/* Backups with events in steps of ten; what is written later is newer. */

const groups = ['_admin', 'default'];
const ends = new WeakMap<BackupFile, bigint>();
let written = 0;

function file(place: string, name: string, what: BackupFileKind, run: number, end?: bigint): BackupFile {
  const path =
    place === '.' ? name : place.includes('.tar') ? `${place}!${name}`.replace('!!', '!') : `${place}/${name}`;
  written++;
  const made: BackupFile = {
    path,
    name,
    container: place,
    sizeBytes: 1,
    checksum: '',
    link: 'none',
    writtenInRun: run,
    recency: written,
    what,
    readBytes: () => Buffer.alloc(0),
  };
  if (end !== undefined) ends.set(made, end);
  return made;
}

function padded(number: number): string {
  return String(number).padStart(20, '0');
}

const within = (place: string, folder: string): string => (place === '.' ? folder : `${place}/${folder}`);

function zip(place: string, run: number): BackupFile {
  return file(place, `controldb${1_700_000_000_000 + run}.zip`, { kind: 'control-db-zip' }, run);
}

function log(place: string, group: string, run: number): BackupFile {
  const what = { kind: 'log', group, firstIndex: run } as const;
  return file(within(place, `log/${group}`), `${padded(run)}.log`, what, run);
}

function events(place: string, from: number, run: number, to = from + 10): BackupFile {
  const what = { kind: 'segment', type: 'EVENT', context: 'default', segment: BigInt(from) } as const;
  return file(within(place, 'events'), `${padded(from)}.events`, what, run, BigInt(to));
}

/** A backup of a run by itself: everything up to a token, or only what lies between two. */
function whole(place: string, run: number, to: number, from = 0): BackupFile[] {
  const segments = Array.from({ length: Math.ceil((to - from) / 10) }, (_, at) => from + at * 10);
  return [
    zip(place, run),
    ...groups.map((group) => log(place, group, run)),
    ...segments.map((segment) => events(place, segment, run, Math.min(to, segment + 10))),
  ];
}

function select(files: readonly BackupFile[]): SelectedBackup {
  return selectBackup(
    { files, unreadable: [] },
    { contexts: ['default'], groups, endOf: (one) => ends.get(one) ?? null },
  );
}

function pathsOf(files: readonly BackupFile[]): string[] {
  return filesOfSelection(select(files)).map(({ path }) => path);
}

/** The runs whose files are chosen. */
function runsOf(files: readonly BackupFile[]): number[] {
  return [...new Set(filesOfSelection(select(files)).map(({ writtenInRun }) => writtenInRun))].toSorted();
}

describe('two slots by turns', () => {
  /* Half of slot-a had the newest control database, and slot-b the newest log of `default`: neither restores with the other. */
  test.each<readonly [what: string, half: () => BackupFile[]]>([
    ['a control database alone', () => [zip('slot-a', 3)]],
    ['a control database and one log', () => [zip('slot-a', 3), log('slot-a', '_admin', 3)]],
    [
      'a control database, one log and events',
      () => [zip('slot-a', 3), log('slot-a', '_admin', 3), events('slot-a', 0, 3, 15)],
    ],
  ])('are not put together where the other one holds %s', (_, half) => {
    const good = whole('slot-b', 2, 25);
    const files = [...good, ...half()];
    expect(pathsOf(files).toSorted()).toEqual(good.map(({ path }) => path).toSorted());
    expect(select(files).why).toMatch(/^slot-b holds .*; slot-a\/.*zip is newer, and what lies with it is not whole$/);
  });

  test('are the one that was written last where both are whole', () => {
    const files = [...whole('slot-a', 1, 25), ...whole('slot-b', 2, 35)];
    expect(runsOf(files)).toEqual([2]);
    expect(select(files).why).toBe('slot-b is the newest of 2 that hold a control database and a log of every group');
  });
});

describe('a chain of increments', () => {
  const chain = [...whole('day-1', 1, 25), ...whole('day-2', 2, 45, 20), ...whole('day-3', 3, 55, 40)];

  test('has its control database and logs from the newest, and events from all', () => {
    const { controlDb, logs, stores } = select(chain);
    expect(controlDb?.container).toBe('day-3');
    expect(logs.map(({ segments }) => segments.map(({ file: one }) => one.container))).toEqual([
      ['day-3/log/_admin'],
      ['day-3/log/default'],
    ]);
    expect(stores[0]?.segments.map(({ data }) => data.path.replace(/0+(?=\d)/, ''))).toEqual([
      'day-1/events/0.events',
      'day-1/events/10.events',
      'day-2/events/20.events',
      'day-2/events/30.events',
      'day-3/events/40.events',
      'day-3/events/50.events',
    ]);
  });

  test('goes without the beginning of a next one', () => {
    const half = [zip('day-4', 4), log('day-4', '_admin', 4), events('day-4', 50, 4, 51)];
    expect(pathsOf([...chain, ...half])).toEqual(pathsOf(chain));
  });

  test('may lie in archives, one a run', () => {
    const files = [...whole('1.tar', 1, 25), ...whole('2.tar', 2, 45, 20)];
    expect(runsOf(files)).toEqual([1, 2]);
    expect(select(files).controlDb?.container).toBe('2.tar');
  });
});

describe('one tree that is written over', () => {
  test('is all there is of it, older control databases beside the new one', () => {
    const files = [zip('controldb', 1), ...whole('.', 2, 35)];
    expect(runsOf(files)).toEqual([2]);
    expect(select(files).why).toBe('the backup folder holds a control database and a log of every group');
  });

  test('counts before an older backup in a folder of it', () => {
    const files = [...whole('before', 1, 25), ...whole('.', 2, 35)];
    expect(runsOf(files)).toEqual([2]);
  });

  test('has its control databases in folders of their own, and the newest of them counts', () => {
    const again = whole('.', 2, 35).filter(({ what }) => what.kind !== 'control-db-zip');
    const zips = [zip('zips/1', 1), zip('zips/2', 2), zip('day-1', 1), zip('day-2', 2)];
    for (const [first, second] of [zips.slice(0, 2), zips.slice(2)]) {
      if (first === undefined || second === undefined) throw new Error('there are two');
      const files = [first, second, ...again];
      expect(select(files).controlDb).toBe(second);
    }
  });

  test('may hold the events of backups that lie beside it', () => {
    const shared = [events('all', 0, 1), events('all', 10, 2)];
    const files = [...shared, ...whole('run-1', 1, 0), ...whole('run-2', 2, 0)];
    expect(select(files).controlDb?.container).toBe('run-2');
    expect(select(files).stores[0]?.segments).toHaveLength(2);
  });
});

test('where no folder holds all that belongs together, it is the newest of each kind', () => {
  const files = [zip('zips', 1), zip('zips', 2), log('logs', 'default', 2), events('store', 0, 2)];
  expect(pathsOf(files)).toEqual([
    expect.stringContaining('zips/controldb1700000000002'),
    expect.stringContaining('logs/log/default'),
    expect.stringContaining('store/events'),
  ]);
  const without = files.filter(({ what }) => what.kind !== 'log');
  expect(select(without).why).toBe(
    'no folder or archive holds a control database and a log of every group, so it is the newest of each kind',
  );
});

test('where a server has no replication groups, the choice speaks of no log that is missing', () => {
  const files = [zip('zips', 1), zip('zips', 2), events('store', 0, 2)];
  expect(selectBackup({ files, unreadable: [] }, { contexts: ['default'], groups: [], endOf: () => null }).why).toBe(
    'without replication groups there is no log to tell what belongs together, so it is the newest of each kind',
  );
});

/** What a folder may come to hold: whole backups, increments and halves, in folders or archives, one after the other. */
const history = fc
  .array(
    fc.record({
      place: fc.constantFrom('.', 'a', 'b', 'deep/er', 'one.tar', 'two.tar'),
      kind: fc.constantFrom('whole', 'increment', 'half', 'zip', 'events'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((steps) =>
    steps.flatMap(({ place, kind }, at) => {
      const run = at + 1;
      const to = run * 20 + 5;
      if (kind === 'whole') return whole(place, run, to);
      if (kind === 'increment') return whole(place, run, to, at * 20);
      if (kind === 'zip') return [zip(place, run)];
      if (kind === 'events') return [events(place, at * 20, run)];
      return [zip(place, run), log(place, '_admin', run)];
    }),
  );

describe('the choice', () => {
  test('is the same in whatever order files are met', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (files, places) => {
        const shuffled = files.map((one) => ({ one, key: places.next().value })).toSorted((a, b) => a.key - b.key);
        const again = select(shuffled.map(({ one }) => one));
        expect(filesOfSelection(again).map(({ path }) => path)).toEqual(pathsOf(files));
        expect(again.why).toBe(select(files).why);
      }),
    );
  });

  test('has control database and logs from one folder or archive, where any holds them together', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 40 }), (files, to) => {
        const { controlDb, logs } = select([...files, ...whole('kept', 0, to)]);
        const holder = controlDb?.container ?? '';
        for (const { segments } of logs) {
          expect(segments.length).toBeGreaterThan(0);
          for (const { file: one } of segments) expect(holder === '.' || one.container.startsWith(holder)).toBe(true);
        }
      }),
    );
  });

  test('is a backup that is whole and alone, wherever it lies, whatever half came beside it later', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a', 'b/c', 'one.tar', '.'),
        fc.integer({ min: 1, max: 60 }),
        fc.subarray(['log', 'events']),
        (place, to, parts) => {
          const good = whole(place, 1, to);
          const half = parts.map((part) =>
            part === 'log' ? log('later', 'default', 2) : events('later', 0, 2, to + 5),
          );
          half.unshift(zip('later', 2));
          expect(pathsOf([...good, ...half]).toSorted()).toEqual(good.map(({ path }) => path).toSorted());
        },
      ),
    );
  });
});
