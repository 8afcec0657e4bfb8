import { describe, expect, test } from 'vitest';
import { demonstrations } from '../../../conformance/demo/catalog.ts';
import { playDemonstration } from '../../../conformance/demo/play.ts';
import {
  formatDemonstrations,
  formatOutcome,
  formatSide,
  lostBy,
  missingEntriesOf,
} from '../../../conformance/reporters/demo-text.ts';
import { plainStyle } from '../../../conformance/reporters/style.ts';
import { fixtureClients } from '../../../fixtures/clients/catalog.ts';
import { argvOfBuilt } from '../../support/fixture-client.ts';

const clients = fixtureClients.map((client) => ({ ...client, argv: argvOfBuilt(client) }));

describe('each hazard', () => {
  test.each(demonstrations)(
    '$id costs the naive client something, and the correct one nothing',
    async (demonstration) => {
      const told: string[] = [];
      const { naive, correct } = await playDemonstration(demonstration, {
        clients,
        environment: process.env,
        seed: 1,
        timeoutMs: 60_000,
        onSide: (side, isNaive) => told.push(formatSide(side, isNaive, plainStyle)),
      });
      expect(naive.restoration.problems.length).toBeGreaterThan(0);
      expect(lostBy(naive) + missingEntriesOf(naive)).toBeGreaterThan(0);
      // That the naive client believes in its backup is what makes the hazard one.
      expect(naive.report.scenarios[0]?.runs.at(-1)?.exitCode).toBe(0);

      expect(correct.report.exitCode).toBe(0);
      expect(correct.restoration).toMatchObject({ problems: [], losses: [], stranded: [], lostChanges: 0 });
      expect([lostBy(correct), missingEntriesOf(correct)]).toEqual([0, 0]);

      const caught = naive.report.rules.filter(({ status }) => status === 'fail' || status === 'warn');
      expect(caught.map(({ id }) => id)).toContain(demonstration.rule);

      expect(told).toHaveLength(2);
      expect(told[0]).toContain('which says: this backup is good');
      expect(told[0]).toMatch(/^ {2}unrestorable /m);
      expect(told[1]).toContain('nothing is lost');
      const outcome = formatOutcome({ demonstration, naive, correct }, plainStyle);
      expect(outcome).toMatch(new RegExp(`events and snapshots lost +${lostBy(naive)} +0\\n`));
    },
  );

  test('has a name and a title in the list', () => {
    const list = formatDemonstrations(demonstrations, plainStyle);
    for (const { id, title } of demonstrations) expect(list).toMatch(new RegExp(`^ {2}${id} +${title}$`, 'm'));
  });
});
