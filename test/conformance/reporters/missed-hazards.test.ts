import { expect, test } from 'vitest';
import { formatMissedHazards } from '../../../conformance/reporters/missed-hazards.ts';
import { buildHazard, scenarioResult } from '../../support/report.ts';

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
