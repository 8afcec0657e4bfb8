import type { ScenarioResult } from '../verdict/report.ts';

/** The MUST rule that a failed schedule is shrunk by: the first that fails and is no mere outcome; where there is none, the first. */
export function blameOf({ rules }: Pick<ScenarioResult, 'rules'>): string {
  const failed = rules.filter(({ level, status }) => level === 'must' && status === 'fail').map(({ id }) => id);
  return failed.find((id) => !id.startsWith('outcome/')) ?? failed[0] ?? 'nothing';
}
