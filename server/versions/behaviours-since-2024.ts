/* The rows about what releases from 2024.0 on have anew; part of the table in behaviours.ts. */

import { CONTRACT, endpoints, newer, row } from './behaviour-row.ts';
import type { ControlDbTables } from '../formats/control-db-tables.ts';

type CleaningAfterPost = 'rests for an hour' | 'keeps for an hour what is above the index noted in `RG_BACKUP_INFO`';

export const behavioursSince2024 = {
  hasDcb: row<boolean>(
    'Contexts with a dynamic consistency boundary (`dcb`), and `/v2/backup` for them; function CREATE_BACKUP, role ADMIN',
    {
      documented: [false, CONTRACT],
      '4.2': [false, newer('1')],
      '2024.2': [false, newer('2'), 'manual'],
      '2025.2': [true, newer('2, 3'), 'database'],
      '2026.0': [true, newer('2, 3'), 'manual'],
    },
  ),
  migratesToDcb: row<boolean>('A plain context can become one with a dynamic consistency boundary', {
    documented: [false, CONTRACT],
    '4.2': [false, newer('1')],
    '2024.2': [false, newer('1'), 'manual'],
    '2026.0': [true, newer('1'), 'manual'],
  }),
  cleaningAfterPost: row<CleaningAfterPost>('Log cleaning on a node, after a POST of a control database backup there', {
    documented: ['rests for an hour', endpoints('4')],
    '4.2': ['rests for an hour', endpoints('4')],
    '2024.2': ['keeps for an hour what is above the index noted in `RG_BACKUP_INFO`', newer('2'), 'inferred'],
  }),
  controlDbTables: row<ControlDbTables>('Tables of the control database', {
    documented: ['until 2023', endpoints('2.3')],
    '4.2': ['until 2023', endpoints('2.3')],
    '2024.2': ['since 2024', newer('5'), 'database'],
    '2025.2': ['since 2025', newer('5'), 'database'],
  }),
} as const;
