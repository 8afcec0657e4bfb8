import * as fs from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CopyingAccount, type Charge } from '../../../conformance/journal/recording/copying-account.ts';
import type { Answer } from '../../../conformance/journal/evidence.ts';
import type { GrownFile } from '../../../conformance/journal/recording/folder-growth.ts';
import { lookAtSource, type SourceLook } from '../../../conformance/journal/recording/source-reads.ts';
import { listedFile, logListing, logName, post, segmentListing, segmentName } from '../../support/evidence.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const mebibyte = 1024 ** 2;

/** An account that takes more than a mebibyte for long, and what a client does that it learns of. */
function account() {
  const books = new CopyingAccount(mebibyte);
  let ordinal = 0;
  return {
    books,
    told: (answer: Answer | undefined, sources: readonly SourceLook[] = [], node = 'node-1'): number => {
      if (answer === undefined) throw new Error('no answer');
      books.add(answer, { ordinal: ++ordinal, node, sources, spentMs: 0, bodyBytes: 100 });
      return ordinal;
    },
  };
}

function events(context = 'default', sizeBytes = 2 * mebibyte): Answer | undefined {
  return segmentListing({ context, files: [0, 26].map((first) => listedFile(segmentName(first), { sizeBytes })) })
    .answer;
}

function log(group = 'default'): Answer | undefined {
  return logListing(group, [listedFile(logName(1))]).answer;
}

function grown(file: string, bytes = 1000, changedMs = 1): GrownFile {
  const [folder = '', ...rest] = file.split('/');
  return { folder, within: rest.slice(0, -1), name: rest.at(-1) ?? '', bytes, changedMs };
}

const ordinals = (charges: readonly Charge[]): number[] => charges.map(({ owed }) => owed.ordinal);

describe('what copying costs a run is charged', () => {
  test('for the whole of a list as soon as a copy of one of its files is there, wherever that is', () => {
    for (const file of [
      `BACKUP_DIR/${segmentName(26)}`,
      `TMPDIR/x/.${segmentName(26)}.Xa3`,
      `A/${segmentName(0)}.gz`,
    ]) {
      const { books, told } = account();
      told(events());
      told(log());
      expect(ordinals(books.charge([grown(file)]))).toEqual([1]);
      expect(ordinals(books.settle([]))).toEqual([2]);
    }
  });

  test('when the logs are copied, to whoever lists events before them and copies them after them', () => {
    const { books, told } = account();
    told(events());
    told(log());
    expect(ordinals(books.charge([]))).toEqual([]);
    expect(ordinals(books.charge([grown(`BACKUP_DIR/${logName(1)}`)]))).toEqual([2]);
    expect(ordinals(books.settle([]))).toEqual([1]);
  });

  test('at the end for all that nothing has shown, logs first', () => {
    const { books, told } = account();
    told(events());
    told(log());
    told(post().answer);
    expect(ordinals(books.settle([]))).toEqual([3, 2, 1]);
  });

  test('to the context after which a folder is named, where names are those of several', () => {
    const { books, told } = account();
    told(events('default'));
    told(events('orders'));
    told(events('default'), [], 'node-2');
    expect(ordinals(books.charge([grown(`BACKUP_DIR/orders/${segmentName(0)}`)]))).toEqual([2]);
    expect(ordinals(books.charge([grown(`BACKUP_DIR/node-2/default/${segmentName(0)}`)]))).toEqual([3]);
  });

  test('for a second copy of a name to the next list that has it', () => {
    const { books, told } = account();
    told(events('default'));
    told(events('orders'));
    expect(ordinals(books.charge(['a', 'b'].map((each) => grown(`TMPDIR/${each}/${segmentName(0)}`))))).toEqual([1, 2]);
  });

  test('once for a list that was asked for again before anything of it was copied', () => {
    const { books, told } = account();
    told(events());
    told(log());
    told(post().answer);
    told(log());
    told(events());
    expect(ordinals(books.charge([grown(`BACKUP_DIR/${logName(1)}`)]))).toEqual([4]);
    expect(ordinals(books.settle([]))).toEqual([3, 5]);
  });

  test('for an archive that has grown by more than answers and notes make, and by no less', () => {
    const { books, told } = account();
    told(events());
    expect(
      ordinals(books.charge([grown('BACKUP_STATE_DIR/answer.json', 200), grown('TMPDIR/notes.db', 10_000)])),
    ).toEqual([]);
    expect(ordinals(books.charge([grown('BACKUP_DIR/backup.tar.gz', mebibyte)]))).toEqual([1]);
  });

  test('for the logs first where an archive may hold them, and events lie beside it', () => {
    const { books, told } = account();
    told(log());
    told(events());
    const charges = books.charge([grown('BACKUP_DIR/logs.tar', 5000), grown(`BACKUP_DIR/${segmentName(0)}`)]);
    expect(ordinals(charges)).toEqual([1, 2]);
  });

  test('once for each list, and for all, whatever the folders show', () => {
    const files = fc.constantFrom(
      `a/${segmentName(0)}`,
      `default/${segmentName(26)}`,
      `orders/${segmentName(26)}`,
      `b/${logName(1)}`,
      'archive.tar',
      'notes',
    );
    const step = fc.oneof(fc.constantFrom('events', 'orders', 'log'), fc.array(files));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { books, told } = account();
        const charges: Charge[] = [];
        const subjects = new Set<string>();
        for (const each of steps) {
          if (typeof each !== 'string') charges.push(...books.charge(each.map((file) => grown(`A/${file}`, mebibyte))));
          else {
            subjects.add(each);
            told(each === 'log' ? log() : events(each === 'orders' ? each : 'default'));
          }
        }
        charges.push(...books.settle([]));
        expect(new Set(ordinals(charges)).size).toBe(charges.length);
        expect(new Set(charges.map(({ owed }) => owed.subject)).size).toBe(subjects.size);
        expect(books.settle([])).toEqual([]);
      }),
    );
  });
});

describe('where all is copied without another request', () => {
  /** Files of the server, of which none was read since it was written. */
  function sources() {
    const folder = temporaryFolder();
    const make = (name: string): SourceLook => {
      const file = path.join(folder, name);
      fs.writeFileSync(file, name);
      // As of long ago, so that a reading would show.
      fs.utimesSync(file, 1, 2);
      return lookAtSource(file, fs.statSync(file));
    };
    const read = ({ path: file }: SourceLook, second: number): void => fs.utimesSync(file, second, 2);
    return { log: [make('log')], events: [make('first'), make('second')] as const, read };
  }

  function readInOrder(order: 'events first' | 'logs first' | 'at once') {
    const { books, told } = account();
    const { log: logLooks, events: eventLooks, read } = sources();
    told(events(), eventLooks);
    told(log(), logLooks);
    const [logAt, firstAt, secondAt] = {
      'events first': [30, 10, 20],
      'logs first': [5, 10, 20],
      'at once': [15, 10, 20],
    }[order];
    for (const look of logLooks) read(look, logAt ?? 0);
    read(eventLooks[0], firstAt ?? 0);
    read(eventLooks[1], secondAt ?? 0);
    return books;
  }

  test('events whose files were read before those of the log are charged before it', () => {
    const books = readInOrder('events first');
    expect(ordinals(books.settle([]))).toEqual([1, 2]);
    const again = readInOrder('events first');
    const copies = [`TMPDIR/${logName(1)}`, `TMPDIR/${segmentName(0)}`].map((file) => grown(file));
    expect(ordinals(again.charge(copies))).toEqual([1, 2]);
  });

  test.each(['logs first', 'at once'] as const)('logs are charged first where they were read so: %s', (order) => {
    expect(ordinals(readInOrder(order).settle([]))).toEqual([2, 1]);
  });

  test('logs are charged first where their copies are older, whatever was read to see how long it is', () => {
    const copies = [grown(`BACKUP_DIR/${logName(1)}`, 1000, 1), grown(`BACKUP_DIR/${segmentName(0)}`, 1000, 2)];
    expect(ordinals(readInOrder('events first').settle(copies))).toEqual([2, 1]);
  });
});
