import { firstBackup } from './growth/first-backup.ts';
import { growsBetweenRuns } from './growth/grows-between-runs.ts';
import { openSegmentFills } from './growth/open-segment-fills.ts';
import { emptyThenFirstSegment } from './growth/empty-then-first-segment.ts';
import { singleEventSegments } from './growth/single-event-segments.ts';
import { rollsWhileCopying } from './growth/rolls-while-copying.ts';
import { tenRuns } from './growth/ten-runs.ts';
import { sixteenRuns } from './growth/sixteen-runs.ts';
import { largeSegments } from './growth/large-segments.ts';
import { thousandFiles } from './growth/thousand-files.ts';
import { tokensBeyond31Bits } from './growth/tokens-beyond-2-31.ts';
import { tokensBeyond53Bits } from './growth/tokens-beyond-2-53.ts';
import { severalContexts } from './coverage/several-contexts.ts';
import { contextNeedsEncoding } from './coverage/context-needs-encoding.ts';
import { similarNames } from './coverage/similar-names.ts';
import { groupNamedOtherwise } from './coverage/group-named-otherwise.ts';
import { twoStorageRoots } from './coverage/two-storage-roots.ts';
import { nodeWithoutContext } from './coverage/node-without-context.ts';
import { dcbFirstBackup } from './dcb/first-backup.ts';
import { becomesDcb } from './dcb/becomes-dcb.ts';
import { dcbPushBreaksOff } from './dcb/push-breaks-off.ts';
import { dcbPushFails } from './dcb/push-fails.ts';
import { dcbStateNotToldOnce } from './dcb/state-not-told-once.ts';
import { dcbSeveralContexts } from './dcb/several-contexts.ts';
import { compactedBetweenRuns } from './log/compacted-between-runs.ts';
import { tailGrowsBetweenRuns } from './log/tail-grows-between-runs.ts';
import { applyStalls } from './log/apply-stalls.ts';
import { changesInPlace } from './log/changes-in-place.ts';
import { logIndexFiles } from './log/index-files.ts';
import { compactedWhileCopying } from './log/compacted-while-copying.ts';
import { largeSnapshots } from './order/large-snapshots.ts';
import { largeStore } from './order/large-store.ts';
import { configurationChanges } from './order/configuration-changes.ts';
import { nodeBehind } from './order/node-behind.ts';
import { otherNode } from './order/other-node.ts';
import { logOfAnotherNode } from './order/log-of-another-node.ts';
import { controlDbRefused } from './fault/control-db-refused.ts';
import { controlDbBrokenOff } from './fault/control-db-broken-off.ts';
import { logRefused } from './fault/log-refused.ts';
import { logNotFound } from './fault/log-not-found.ts';
import { logBrokenOff } from './fault/log-broken-off.ts';
import { eventsRefused } from './fault/events-refused.ts';
import { eventsBrokenOff } from './fault/events-broken-off.ts';
import { strikesOnce } from './fault/strikes-once.ts';
import { failsHalfWay } from './fault/fails-half-way.ts';
import { stallsThenBreaks } from './fault/stalls-then-breaks.ts';
import { noList } from './fault/no-list.ts';
import { noListOfSegments } from './fault/no-list-of-segments.ts';
import { noListOfSegmentsOnce } from './fault/no-list-of-segments-once.ts';
import { noListOnce } from './fault/no-list-once.ts';
import { nodeGoesDown } from './fault/node-goes-down.ts';
import { slowAnswers } from './fault/slow-answers.ts';
import { descending } from './listing/descending.ts';
import { shuffled } from './listing/shuffled.ts';
import { twoSpellings } from './listing/two-spellings.ts';
import { unknownSuffix } from './listing/unknown-suffix.ts';
import { closedAndNotCounted } from './listing/closed-and-not-counted.ts';
import { snapshotsNamedAsEvents } from './listing/snapshots-named-as-events.ts';
import { twoIndexFormats } from './listing/two-index-formats.ts';
import { missingIndex } from './listing/missing-index.ts';
import { mountedElsewhere } from './listing/mounted-elsewhere.ts';
import { zipInNoMount } from './listing/zip-in-no-mount.ts';
import { absentOnce } from './listing/absent-once.ts';
import { segmentVersions } from './listing/segment-versions.ts';
import { segmentsCompactedWhileCopying } from './listing/compacted-while-copying.ts';
import { midPost } from './interruption/mid-post.ts';
import { askedToEnd } from './interruption/asked-to-end.ts';
import { midLog } from './interruption/mid-log.ts';
import { midEvents } from './interruption/mid-events.ts';
import { midFile } from './interruption/mid-file.ts';
import { midLogFile } from './interruption/mid-log-file.ts';
import { snapshotCopyFails } from './interruption/snapshot-copy-fails.ts';
import { copyFails } from './interruption/copy-fails.ts';
import { overlappingRuns } from './interruption/overlapping-runs.ts';
import { otherFileSystem } from './target/other-file-system.ts';
import { basePath } from './access/base-path.ts';
import { tokenNeeded } from './access/token-needed.ts';
import { tokenWrong } from './access/token-wrong.ts';
import { tokenTooWeak } from './access/token-too-weak.ts';
import type { Scenario } from './scenario.ts';

/** All scenarios in reading order: from a plain first backup to trouble. */
export const scenarios: readonly Scenario[] = [
  firstBackup,
  growsBetweenRuns,
  openSegmentFills,
  emptyThenFirstSegment,
  singleEventSegments,
  rollsWhileCopying,
  thousandFiles,
  largeSegments,
  tenRuns,
  sixteenRuns,
  tokensBeyond31Bits,
  tokensBeyond53Bits,
  severalContexts,
  contextNeedsEncoding,
  similarNames,
  groupNamedOtherwise,
  nodeWithoutContext,
  twoStorageRoots,
  dcbFirstBackup,
  becomesDcb,
  dcbSeveralContexts,
  dcbStateNotToldOnce,
  dcbPushFails,
  dcbPushBreaksOff,
  compactedBetweenRuns,
  tailGrowsBetweenRuns,
  changesInPlace,
  compactedWhileCopying,
  applyStalls,
  logIndexFiles,
  largeStore,
  largeSnapshots,
  configurationChanges,
  otherNode,
  logOfAnotherNode,
  nodeBehind,
  controlDbRefused,
  controlDbBrokenOff,
  logRefused,
  logNotFound,
  logBrokenOff,
  eventsRefused,
  eventsBrokenOff,
  strikesOnce,
  failsHalfWay,
  stallsThenBreaks,
  noList,
  noListOfSegments,
  noListOnce,
  noListOfSegmentsOnce,
  nodeGoesDown,
  slowAnswers,
  descending,
  shuffled,
  twoSpellings,
  unknownSuffix,
  twoIndexFormats,
  missingIndex,
  snapshotsNamedAsEvents,
  absentOnce,
  closedAndNotCounted,
  segmentVersions,
  segmentsCompactedWhileCopying,
  mountedElsewhere,
  zipInNoMount,
  midPost,
  midLog,
  midEvents,
  midFile,
  midLogFile,
  askedToEnd,
  copyFails,
  snapshotCopyFails,
  overlappingRuns,
  otherFileSystem,
  basePath,
  tokenNeeded,
  tokenWrong,
  tokenTooWeak,
];
