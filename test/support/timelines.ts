import type {
  LogSample,
  TimelineEvent,
  TimelineJournal,
  TimelineLoss,
  TimelineRequest,
  TimelineRun,
  TimelineViolation,
} from '../../timeline/index.ts';

/*
 * Journals for pictures, with defaults for everything. The default is an hour of a node on which nothing happens; times
 * are given from the start of the first day.
 */

/** Midnight of the cluster's first day. */
export const dayMs = Date.UTC(2024, 0, 1);
export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;

export function timelineJournal(values: Partial<TimelineJournal> = {}): TimelineJournal {
  return {
    fromMs: dayMs,
    toMs: dayMs + hourMs,
    node: 'node-1',
    contexts: ['default'],
    groups: ['_admin', 'default'],
    events: [],
    samples: [],
    runs: [],
    requests: [],
    violation: null,
    losses: [],
    ...values,
  };
}

/** `segment-created`, `-full` and `-closed` of segments of ten events, one every `everyMs`, each closed a second later. */
export function storeEvents(
  count: number,
  everyMs: number,
  values: Partial<TimelineEvent> & { readonly startMs?: number } = {},
): TimelineEvent[] {
  const { startMs = dayMs, ...rest } = values;
  const event = (kind: string, place: number, atMs: number): TimelineEvent => ({
    atMs,
    kind,
    node: 'node-1',
    context: 'default',
    type: 'EVENT',
    segment: place * 10,
    ...rest,
  });
  return Array.from({ length: count }, (_, place) => {
    const atMs = startMs + (place + 1) * everyMs;
    return [
      event('segment-full', place, atMs),
      event('segment-created', place + 1, atMs),
      event('segment-closed', place, atMs + secondMs),
    ];
  })
    .flat()
    .toSorted((a, b) => a.atMs - b.atMs);
}

/** Log segments of ten entries, one every `everyMs`; cleaned every hour up to what was closed an hour before. */
export function logEvents(count: number, everyMs: number, group = 'default', startMs = dayMs): TimelineEvent[] {
  const events: TimelineEvent[] = [];
  let firstKept = 0;
  let nextCleaningMs = startMs + hourMs;
  for (let place = 1; place <= count; place++) {
    const atMs = startMs + place * everyMs;
    for (; nextCleaningMs <= atMs; nextCleaningMs += hourMs) {
      const kept = Math.max(firstKept, Math.floor((nextCleaningMs - hourMs - startMs) / everyMs));
      const removed = Array.from({ length: kept - firstKept }, (_, offset) => (firstKept + offset) * 10 + 1);
      firstKept = kept;
      if (removed.length === 0) continue;
      events.push({
        atMs: nextCleaningMs,
        kind: 'log-cleaned',
        node: 'node-1',
        group,
        removed,
        firstIndex: kept * 10 + 1,
      });
    }
    events.push({ atMs, kind: 'log-segment-created', node: 'node-1', group, firstIndex: place * 10 + 1 });
  }
  return events;
}

export function sample(values: Partial<LogSample> = {}): LogSample {
  return {
    atMs: dayMs,
    group: 'default',
    firstIndex: 1,
    lastIndex: 1,
    commitIndex: 1,
    appliedIndex: 1,
    nextCleaningMs: null,
    ...values,
  };
}

export function timelineRun(values: Partial<TimelineRun> = {}): TimelineRun {
  return { run: 1, startMs: dayMs + 30 * minuteMs, endMs: dayMs + 31 * minuteMs, exitCode: 0, ...values };
}

export function timelineRequest(values: Partial<TimelineRequest> = {}): TimelineRequest {
  const atMs = values.atMs ?? dayMs + 30 * minuteMs;
  return {
    atMs,
    copiedUntilMs: atMs,
    run: 1,
    node: 'node-1',
    method: 'GET',
    path: '/v1/public/me',
    status: 200,
    about: 'other',
    subject: null,
    files: 0,
    ...values,
  };
}

export function timelineViolation(values: Partial<TimelineViolation> = {}): TimelineViolation {
  return { atMs: dayMs + 40 * minuteMs, rule: 'log/replaced', run: 1, message: 'stale files beside it', ...values };
}

export function timelineLoss(values: Partial<TimelineLoss> = {}): TimelineLoss {
  return {
    context: 'default',
    type: 'EVENT',
    events: 1,
    firstToken: 0,
    lastToken: 0,
    fromMs: dayMs,
    toMs: dayMs,
    ...values,
  };
}
