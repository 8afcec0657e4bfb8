import { aFewSegments, everyBackup, growing, hazards, run, type Scenario } from '../parts.ts';

export const otherFileSystem: Scenario = {
  id: 'target/other-file-system',
  title: 'TMPDIR and BACKUP_DIR are on different file systems',
  story:
    'Temporary files lie on the disk of the machine, the backup on a mounted volume. A rename from the one to the other is refused (EXDEV), and whoever moves a whole backup by one rename, and does not look whether that went well, has none.',
  cluster: growing,
  tmpdir: 'other-file-system',
  steps: [...aFewSegments, run, ...aFewSegments, run],
  hazards: [hazards.tmpdirElsewhere],
  rules: [...everyBackup, 'outcome/exit-status-true'],
};
