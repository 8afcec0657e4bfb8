/* The rows about what lies on disk, and what a node makes of it at its start; part of the table in behaviours.ts. */

import { CONTRACT, endpoints, newer, row, segments } from './behaviour-row.ts';
import type { IndexFormat } from '../formats/index-format.ts';

type LogStep = 'asked for' | 'not asked for';

export const behavioursOfFiles = {
  hasLogIndexFiles: row<boolean>('Closed log segments have an `.index` file', {
    documented: [false, endpoints('1.4')],
    '4.2': [true, endpoints('3.1')],
    '4.6': [false, endpoints('3.1')],
  }),

  indexFormat: row<IndexFormat>('Index files of contexts that are made here', {
    documented: ['BLOOM_FILTER_INDEX', CONTRACT],
    '4.2': ['BLOOM_FILTER_INDEX', endpoints('1.4')],
    '2024.2': ['JUMP_SKIP_INDEX', newer('2'), 'database'],
    '2026.0': ['JUMP_SKIP_INDEX', newer('2'), 'manual'],
  }),
  hasJumpSkip: row<boolean>('A context may have jump-skip indexes (`indexFormats`)', {
    documented: [true, endpoints('1.4')],
    '4.2': [false, endpoints('1.4')],
    '4.5': [true, endpoints('1.4')],
    '2024.2': [true, newer('2'), 'database'],
  }),
  controlDbFile: row<string>('File of the control database, and entry in its zip', {
    documented: ['axonserver-controldb.mv.db', CONTRACT],
    '4.2': ['axonserver-controldb.mv.db', endpoints('2')],
    '2024.2': ['axonserver-configdb.mv.db', newer('1'), 'database'],
  }),
  logStep: row<LogStep>('The log, in the manual of how to back up', {
    documented: ['asked for', CONTRACT],
    '4.2': ['asked for', CONTRACT],
    '2024.2': ['asked for', newer('1'), 'manual'],
    '2026.0': ['not asked for', newer('1'), 'manual'],
  }),
  refusesBrokenLog: row<boolean>('A node does not start on a log that lacks entries after those that are applied', {
    documented: [false, CONTRACT],
    '4.2': [false, endpoints('5.3')],
    '2026.0': [true, newer('2'), 'manual'],
  }),

  overflow: row<'exact-fit' | 'strict'>('When a transaction still fits into the open segment', {
    documented: ['exact-fit', segments('2.2')],
    '4.2': ['strict', segments('2.2')],
    '4.6': ['exact-fit', segments('2.2')],
  }),
  limitsTransactions: row<boolean>('A transaction larger than a segment is refused, and one of over 32,767 events', {
    documented: [false, segments('2.1, 2.2')],
    '4.2': [true, segments('2.1, 2.2')],
    '4.6': [false, segments('2.1, 2.2')],
  }),
  closesIndexedHighest: row<boolean>('Start-up takes the highest segment for closed where it has an index', {
    documented: [true, segments('8.1')],
    '4.2': [false, segments('8.1')],
    '4.5': [true, segments('8.1')],
  }),
} as const;
