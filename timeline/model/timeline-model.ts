import type { TimelineJournal, TimelineLoss, TimelineRequest } from '../timeline-journal.ts';
import { courseOfLog, type LogCourse } from './log-course.ts';
import { logNeedsOf, type LogNeed } from './log-needs.ts';
import { segmentsOfStore, type SegmentSpan } from './segment-span.ts';
import {
  controlDbBackupsOf,
  logWindowsOf,
  outagesOf,
  plannedCleaningsOf,
  type ControlDbMoment,
  type PlannedCleaning,
  type TimeSpan,
} from './windows.ts';

/** The events, or the snapshots, of one context on the shown node. */
export interface StoreLane {
  readonly context: string;
  readonly type: string;
  readonly segments: readonly SegmentSpan[];
  readonly copies: readonly TimelineRequest[];
  readonly losses: readonly TimelineLoss[];
}

/** The log of one group on the shown node. */
export interface LogLane {
  readonly course: LogCourse;
  readonly copies: readonly TimelineRequest[];
  readonly needs: readonly LogNeed[];
}

/** Everything that the picture shows and its description says, lane by lane; nothing here knows of pixels. */
export interface TimelineModel {
  readonly journal: TimelineJournal;
  readonly backups: readonly ControlDbMoment[];
  readonly logWindows: readonly TimeSpan[];
  readonly plannedCleanings: readonly PlannedCleaning[];
  readonly outages: readonly TimeSpan[];
  readonly logs: readonly LogLane[];
  readonly stores: readonly StoreLane[];
}

export function modelOf(journal: TimelineJournal): TimelineModel {
  const { node, contexts, groups, samples, requests, losses, fromMs, toMs } = journal;
  const events = journal.events.filter(({ atMs }) => atMs <= toMs);
  const backups = controlDbBackupsOf(events, node).filter(({ atMs }) => atMs >= fromMs);
  const succeeded = requests.filter((request) => !hasFailed(request));
  return {
    journal,
    backups,
    logWindows: logWindowsOf(backups),
    plannedCleanings: plannedCleaningsOf(samples, toMs),
    outages: outagesOf(events, node, toMs),
    logs: groups.map((group) => {
      const course = courseOfLog(events, samples, node, group, fromMs);
      const copies = succeeded.filter(({ about, subject }) => about === 'log' && subject === group);
      return { course, copies, needs: logNeedsOf(journal, backups, course, copies) };
    }),
    stores: contexts.flatMap((context) =>
      ['EVENT', 'SNAPSHOT'].map((type) => ({
        context,
        type,
        segments: segmentsOfStore(events, node, context, type),
        copies: succeeded.filter(
          (request) =>
            request.about === 'segments' && request.subject === context && (request.type ?? 'EVENT') === type,
        ),
        losses: losses.filter((loss) => loss.context === context && loss.type === type),
      })),
    ),
  };
}

/** Whether a request was answered with anything but a success, or not at all (status 0). */
export function hasFailed({ status }: TimelineRequest): boolean {
  return status < 200 || status >= 300;
}
