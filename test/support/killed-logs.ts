import { expect } from 'vitest';
import type { LogStore } from '../../server/stores/log-store.ts';
import { runKilled } from './killed-process.ts';
import { numbers, textsIn } from './log-stores.ts';
import { temporaryFolders } from './temporary-folder.ts';

/** What of a log must be there: the entries from `first` to `last` at least, each with its text. */
export interface Promised {
  first: number;
  last: number;
}

/** A log that lives in a process which is killed. */
export interface KilledLife {
  /** All that the log does; says in `promised` what a process that is killed must leave. */
  readonly live: (root: string, promised: Promised) => void;
  readonly open: (root: string) => LogStore;
  /** Looks closer at what is left, and closes it. */
  readonly inspect: (log: LogStore, root: string, promised: Promised) => void;
}

/** Kills the process at each change of the disk in turn; what is promised must be there each time. */
export function expectToSurviveEveryKill(moment: 'before' | 'half-way', { live, open, inspect }: KilledLife): void {
  const newFolder = temporaryFolders();
  let kills = 0;
  let isKilled = true;
  for (let nth = 1; isKilled; nth++) {
    const root = newFolder();
    const promised: Promised = { first: 1, last: 0 };
    isKilled = runKilled(nth, moment, () => live(root, promised));
    const log = open(root);
    expect(log.firstIndex).toBeLessThanOrEqual(promised.first);
    expect(log.lastIndex).toBeGreaterThanOrEqual(promised.last);
    expect(textsIn(log)).toEqual(numbers(log.firstIndex, log.lastIndex));
    inspect(log, root, promised);
    kills += 1;
  }
  expect(kills).toBeGreaterThan(60);
}
