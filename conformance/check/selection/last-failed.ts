import { AxonError } from '../../../server/index.ts';
import type { Report, ScenarioResult } from '../../verdict/report.ts';
import type { Play } from './versions.ts';

/**
 * Of the plays those that did not pass in an earlier report: what failed, known or not, what stayed open, what the kit failed
 * in, and what was selected then and not played. A warning counts where warnings fail the check. None where all has passed;
 * fails with `bad-option` where something has not, and is not among the plays.
 */
export function failedIn(report: Report, plays: readonly Play[], failOn: 'fail' | 'warn'): readonly Play[] {
  const failed = [
    ...report.scenarios.filter(({ status }) => !hasPassed(status, failOn)),
    ...(report.incomplete?.notPlayed ?? []),
  ];
  const wanted = plays.filter(({ scenario, serverVersion }) =>
    failed.some((result) => result.id === scenario.id && result.serverVersion === serverVersion),
  );
  const [first] = failed;
  if (wanted.length > 0 || first === undefined) return wanted;
  const name = `${first.id} with server version ${first.serverVersion}`;
  const reason = 'nothing of what did not pass in that report is selected';
  throw new AxonError('bad-option', `--last-failed: ${reason}, such as ${name}`);
}

function hasPassed(status: ScenarioResult['status'], failOn: 'fail' | 'warn'): boolean {
  return status === 'pass' || status === 'not-applicable' || (status === 'warn' && failOn === 'fail');
}
