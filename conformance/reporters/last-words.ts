import type { ScenarioResult } from '../verdict/report.ts';
import { printable } from './printable.ts';

/** Of each run that ended badly, the end of its stderr: a line that names the run, and those that it left. */
export function lastWordsOf({ runs }: ScenarioResult): string[] {
  return runs.flatMap(({ run, stderrTail = [] }) =>
    stderrTail.length === 0 ? [] : [`run ${run}:`, ...stderrTail.map(printable)],
  );
}
