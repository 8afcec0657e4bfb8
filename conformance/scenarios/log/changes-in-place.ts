import { advance, append, appendSnapshots, everyBackup, hazards, needs, run } from '../parts.ts';
import type { Action, Scenario } from '../scenario.ts';

/** So little that everything stays in the first page of its file. */
const aLittle: readonly Action[] = [
  append(2, { payloadBytes: 20 }),
  appendSnapshots(1, { payloadBytes: 20 }),
  advance('2s'),
];

export const changesInPlace: Scenario = {
  id: 'log/changes-in-place',
  title: 'bytes of open files change, and neither their size nor their time does',
  story:
    'Log and open segments are memory-mapped files of constant size, and a write to a page that still waits for the disk does not move their modification time. Backups a few seconds apart meet other bytes behind the same size and time: who goes by these, as rsync does without --checksum, keeps the old copy.',
  // A run is over before any page has gone to the disk, whatever it asks.
  cluster: { rate: 0, segmentSizeBytes: 64 * 1024, logSegmentSizeBytes: 64 * 1024, memoryMappedFiles: true },
  pace: { requestMs: 10 },
  needs: [needs.log, needs.openFilesListed],
  steps: [advance('1m'), ...aLittle, run, ...aLittle, run, ...aLittle, run],
  hazards: [hazards.changesUnseen],
  rules: [...everyBackup, 'log/recopied', 'open-segment/overwritten'],
};
