import type { ReportedPlace, ReportedRestore, ScenarioResult } from '../verdict/report.ts';
import { count } from './layout.ts';

/** What a restore took of a backup, and why, a line for each part; a part that there is none of says so. */
export function describeRestored({ run, why, controlDb, logs, stores }: ReportedRestore): string[] {
  return [
    `run ${run}: ${why}`,
    controlDb ?? 'no control database',
    ...logs.map(({ group, from }) => `log of ${group}: ${describePlaces(from)}`),
    ...stores.map(({ context, type, from }) => {
      const what = type === 'SNAPSHOT' ? 'snapshots' : 'events';
      return `${what} of ${context}: ${describePlaces(from)}`;
    }),
  ];
}

/** The same of a scenario whose restore somebody asks about: an outcome rule has something to say. */
export function restoredInQuestion({ rules, restored }: ScenarioResult): string[] {
  const isInQuestion = rules.some(({ id, status }) => id.startsWith('outcome/') && status === 'fail');
  return restored === undefined || !isInQuestion ? [] : describeRestored(restored);
}

function describePlaces(from: readonly ReportedPlace[]): string {
  if (from.length === 0) return 'none';
  return from.map(({ place, segments }) => `${count(segments, 'segment')} from ${place}`).join(', ');
}
