import { backupConformance } from 'axon-backup-kit/vitest';

backupConformance({ client: ['node', './command.mjs', 'backupWithoutAdmin'], only: ['growth/first-backup'] });
