import { backupConformance } from 'axon-backup-kit/vitest';
import { backup } from './backup.mjs';

backupConformance({ client: backup, only: ['growth/{first-backup,grows-between-runs}'] });
