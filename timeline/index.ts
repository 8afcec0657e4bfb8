/** Draws what happened in a cluster, and what a backup client did about it, from plain data. */
export { drawTimeline, type TimelineOptions } from './draw-timeline.ts';
export { timelineStyle } from './drawing/style.ts';
export type {
  LogSample,
  TimelineEvent,
  TimelineJournal,
  TimelineLoss,
  TimelineRequest,
  TimelineRun,
  TimelineViolation,
} from './timeline-journal.ts';
