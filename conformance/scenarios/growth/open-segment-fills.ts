import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario } from '../parts.ts';

export const openSegmentFills: Scenario = {
  id: 'growth/open-segment-fills',
  title: 'the open segment fills without closing',
  story:
    'Between two backups the open segment gains events but does not close; its file keeps its size, since it is preallocated. A tool that compares sizes, or copies nothing that it has, keeps the old bytes.',
  cluster: { rate: 0, segmentSizeBytes: 64 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [append(20), appendSnapshots(5), run, append(20), appendSnapshots(5), advance('3h'), run],
  hazards: [hazards.nothingNew],
  rules: [...everyBackup, 'open-segment/overwritten', 'open-segment/included', 'coverage/snapshots'],
};
