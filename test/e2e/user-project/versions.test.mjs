import { backupConformance } from 'axon-backup-kit/vitest';
import { backup } from './backup.mjs';

backupConformance({
  client: backup,
  only: ['coverage/group-named-otherwise'],
  serverVersion: 'all',
  outDir: 'out/versions',
});
