import { expect, test } from 'vitest';
import { formatMissedHazards } from '../../../conformance/reporters/missed-hazards.ts';
import { formatRuleFailure } from '../../../conformance/reporters/rule-failure.ts';
import { buildHazard, failedRule, scenarioResult } from '../../support/report.ts';

const hazards = [buildHazard(), buildHazard({ id: 'segment-closed', title: 'a segment closes while it is copied' })];

test('a scenario that reached all it is about has nothing to say', () => {
  const result = scenarioResult({ hazards: [{ id: 'segment-closed', reached: true }] });
  expect(formatMissedHazards(result, hazards)).toBeNull();
});

test('what was not reached is told in sentences, with the words of the hazard', () => {
  const missed = hazards.map(({ id }) => ({ id, reached: false }));
  expect(formatMissedHazards(scenarioResult({ hazards: missed }), hazards, '4.6 growth/quiet')).toBe(
    [
      '4.6 growth/quiet proves nothing: it did not come about that log files of the last run are gone in the next ' +
        '(log-cleaned-between-runs), nor that a segment closes while it is copied (segment-closed).',
      'The client asked for less, or ended earlier, than this takes: rules of the same scenario that failed say more.',
      'repeat with: axon-backup-kit check --only growth/quiet --seed 1 -- ./backup.sh',
    ].join('\n'),
  );
});

/** A suite in vitest told what was demanded and not what the client said: half an hour went to a `jq` that was not there. */
test('what the client said last stands beside what it has broken, and beside what it did not come to', () => {
  const runs = scenarioResult().runs;
  const stderrTail = ['./backup.sh: line 7: jq: command not found', '\u001b[2J'];
  const result = scenarioResult({
    hazards: [{ id: 'segment-closed', reached: false }],
    rules: [failedRule()],
    runs: [...runs, ...runs.map((run) => ({ ...run, run: 2, exitCode: 127, stderrTail }))],
  });
  const words = [
    'what the client said last, on stderr:',
    '  run 2:',
    '  ./backup.sh: line 7: jq: command not found',
    '  \\x1b[2J',
  ].join('\n');
  expect(formatMissedHazards(result, hazards)).toContain(words);
  expect(formatRuleFailure(result, failedRule(), () => undefined)).toContain(words);
});
