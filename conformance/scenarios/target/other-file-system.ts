import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const otherFileSystem: Scenario = {
  id: 'target/other-file-system',
  title: 'TMPDIR and BACKUP_DIR are on different file systems',
  story:
    'Temporary files lie on the disk of the machine, the backup on a mounted volume. A rename from the one to the other is refused (EXDEV), and whoever moves a whole backup by one rename, and does not look whether that went well, has none.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  tmpdir: 'other-file-system',
  steps: [...aFewSegments, { kind: 'run' }, ...aFewSegments, { kind: 'run' }],
  hazards: [hazards.tmpdirElsewhere],
  rules: [...everyBackup, 'outcome/exit-status-true'],
};
