import { basePath } from './access/base-path.ts';
import { refusedIsFailure } from './access/refused-is-failure.ts';
import { tokenKeptSecret } from './access/token-kept-secret.ts';
import { tokenSent } from './access/token-sent.ts';
import { notLiveFile } from './control-db/not-live-file.ts';
import { requested } from './control-db/requested.ts';
import { returnedFile } from './control-db/returned-file.ts';
import { faithful } from './copy/faithful.ts';
import { sourceUntouched } from './copy/source-untouched.ts';
import { contexts } from './coverage/contexts.ts';
import { indexFiles } from './coverage/index-files.ts';
import { snapshots } from './coverage/snapshots.ts';
import { afterCopy } from './cursor/after-copy.ts';
import { fromClosedSegment } from './cursor/from-closed-segment.ts';
import { incremental } from './cursor/incremental.ts';
import { neverSkips } from './cursor/never-skips.ts';
import { perContextAndType } from './cursor/per-context-and-type.ts';
import { locationNotLive } from './dcb/location-not-live.ts';
import { pushed } from './dcb/pushed.ts';
import { waitsForFinished } from './dcb/waits-for-finished.ts';
import { errorIsFailure } from './fault/error-is-failure.ts';
import { recovers } from './fault/recovers.ts';
import { anyOrder } from './listing/any-order.ts';
import { pathsMapped } from './listing/paths-mapped.ts';
import { segmentVersions } from './listing/segment-versions.ts';
import { unknownSuffixes } from './listing/unknown-suffixes.ts';
import { allGroups } from './log/all-groups.ts';
import { recopied } from './log/recopied.ts';
import { replaced } from './log/replaced.ts';
import { vanishedFile } from './log/vanished-file.ts';
import { included } from './open-segment/included.ts';
import { overwritten } from './open-segment/overwritten.ts';
import { controlDbFirst } from './order/control-db-first.ts';
import { logWithin30Minutes } from './order/log-within-30-minutes.ts';
import { sameNode } from './order/same-node.ts';
import { exitStatusTrue } from './outcome/exit-status-true.ts';
import { noLoss } from './outcome/no-loss.ts';
import { previousSurvives } from './outcome/previous-survives.ts';
import { restorable } from './outcome/restorable.ts';
import type { Rule } from './rule.ts';

/** All rules, in the order of docs/rules.md; a new one stands behind those of its area. */
export const rules: readonly Rule[] = [
  requested,
  returnedFile,
  notLiveFile,
  controlDbFirst,
  logWithin30Minutes,
  sameNode,
  fromClosedSegment,
  afterCopy,
  perContextAndType,
  neverSkips,
  incremental,
  overwritten,
  included,
  replaced,
  recopied,
  allGroups,
  vanishedFile,
  contexts,
  snapshots,
  indexFiles,
  pushed,
  waitsForFinished,
  locationNotLive,
  faithful,
  sourceUntouched,
  anyOrder,
  unknownSuffixes,
  pathsMapped,
  segmentVersions,
  errorIsFailure,
  recovers,
  basePath,
  tokenSent,
  refusedIsFailure,
  tokenKeptSecret,
  exitStatusTrue,
  restorable,
  noLoss,
  previousSurvives,
];
