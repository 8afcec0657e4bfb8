import type { Surprise } from '../scenarios/scenario.ts';
import { quiet, type Commotion } from './commotion.ts';
import type { Intent } from './intent.ts';
import type { Setting } from './usual-setting.ts';

/* A log that is cleaned in the midst of a run: with something to lose in it, and of nothing that the run itself has brought. */

/** No run of a schedule makes more; so long before it began, whatever had been applied was stored, too. */
const MOST_REQUESTS = 300;
const USUAL_REQUEST_MS = 100;

/** Transactions that fill a log segment of the smaller kind, and begin another. */
const TO_FILL_SEGMENTS = 60;

const ADMIN_GROUP = '_admin';

/** In the midst of a run it is a log in which events are written: another one has hardly anything to lose. */
export function groupsToClean(logs: readonly string[], commotion: Commotion): string[] {
  return logs.filter((name) => commotion === quiet || name !== ADMIN_GROUP);
}

/** What is written before a run in which logs are cleaned, an hour before: of an empty log nothing goes. */
export function appendsToClean(surprises: readonly Surprise[], contexts: readonly string[]): Intent[] {
  const cleaned = surprises.flatMap(({ happens }) =>
    happens.flatMap((each) => (each.kind === 'clean-log' ? [contexts.indexOf(each.group)] : [])),
  );
  const append = {
    kind: 'append',
    isSnapshot: false,
    transactions: TO_FILL_SEGMENTS,
    eventsPerTransaction: 1,
  } as const;
  return cleaned.filter((context) => context >= 0).map((context) => ({ ...append, context }));
}

/**
 * An age that nothing has that was written in this run, or a little before: that is not in the zip of the run, and no client
 * could make up for it. A real server cleans nothing so young, and after a POST nothing for an hour.
 */
export function olderThanRun({ addedMs }: Commotion, pace: Setting['pace']): string {
  if (pace?.copiedBytesPerSecond !== undefined) return '1h';
  return `${Math.ceil((addedMs + MOST_REQUESTS * (pace?.requestMs ?? USUAL_REQUEST_MS)) / 1000)}s`;
}
