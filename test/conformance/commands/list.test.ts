import { describe, expect, test } from 'vitest';
import { Value } from 'typebox/value';
import type { Catalogue } from '../../../conformance/commands/catalogue.ts';
import { addListCommand } from '../../../conformance/commands/list.ts';
import { Fault } from '../../../server/simulation/faults.ts';
import { runCommand } from '../../support/captured-output.ts';
import { buildHazard, buildRule, buildScenario } from '../../support/report.ts';

const catalogue: Catalogue = {
  rules: [buildRule(), buildRule({ id: 'log/replaced', level: 'should', requirement: 'Replace the log.' })],
  scenarios: [
    buildScenario(),
    buildScenario({
      id: 'growth/quiet',
      title: 'nothing happens',
      hazards: [buildHazard(), buildHazard({ id: 'quiet', title: 'nothing new' })],
    }),
  ],
  mutants: [{ id: 'log-before-post', defect: 'copies the log first', killedBy: 'order/control-db-first' }],
};

const list = (...args: string[]): string =>
  runCommand((program) => addListCommand(program, catalogue), ['list', ...args]);

describe('list', () => {
  test('without a topic tells all that there is', () => {
    expect(list()).toMatchInlineSnapshot(`
      "rules
        order/control-db-first  must    Create the control database backup before copying any log segment.
        log/replaced            should  Replace the log.

      scenarios
        log/cleaned-between-runs  the log is cleaned between two runs
        growth/quiet              nothing happens

      hazards
        log-cleaned-between-runs  log files of the last run are gone in the next  in 2 scenarios
        quiet                     nothing new                                     in 1 scenario

      faults
        status      an error status instead of the answer                                    {"match":{"method":"POST","path":"/v1/backup/createControlDbBackup"},"do":{"status":503},"times":1}
        delay       the answer comes late                                                    {"match":{"path":"/v1/backup/*"},"do":{"delay":"5s"},"times":1}
        reset       the connection ends without an answer                                    {"match":{"path":"/v1/backup/log/filenames","nth":2},"do":{"reset":true},"times":1}
        truncateAt  the connection ends after so many bytes of the body                      {"match":{"path":"/v1/backup/filenames","query":{"type":"EVENT"}},"do":{"truncateAt":100},"times":1}
        cut         the connection ends when half of the body, or its last byte, is missing  {"match":{"path":"/v1/backup/log/filenames"},"do":{"cut":"last-byte"},"times":1}
        body        another body instead of the real one                                     {"match":{"path":"/v1/backup/filenames","node":"node-1"},"do":{"body":"[]"},"times":0}
      "
    `);
  });

  test('of one topic is lines and nothing else, so that other tools can read it', () => {
    expect(list('rules')).toBe(
      'order/control-db-first  must    Create the control database backup before copying any log segment.\n' +
        'log/replaced            should  Replace the log.\n',
    );
  });

  test('as JSON has the whole of each entry', () => {
    expect(JSON.parse(list('rules', '--json'))).toMatchObject([
      {
        id: 'order/control-db-first',
        level: 'must',
        scenarios: ['log/cleaned-between-runs', 'growth/quiet'],
        mutants: ['log-before-post'],
      },
      { id: 'log/replaced', level: 'should', scenarios: [], mutants: [] },
    ]);
    expect(JSON.parse(list('hazards', '--json'))).toEqual([
      {
        id: 'log-cleaned-between-runs',
        title: 'log files of the last run are gone in the next',
        scenarios: ['log/cleaned-between-runs', 'growth/quiet'],
      },
      { id: 'quiet', title: 'nothing new', scenarios: ['growth/quiet'] },
    ]);
    expect(Object.keys(JSON.parse(list('--json')) as object)).toEqual(['rules', 'scenarios', 'hazards', 'faults']);
  });

  test('of faults gives examples that the control API takes, one for each of its actions', () => {
    const faults = JSON.parse(list('faults', '--json')) as ReadonlyArray<{ action: string; example: unknown }>;
    expect(faults.filter(({ example }) => !Value.Check(Fault, example))).toEqual([]);
    expect(faults.map(({ action }) => action).toSorted()).toEqual(
      Object.keys(Fault.properties.do.properties).toSorted(),
    );
  });

  test('of anything else fails, and says what there is', () => {
    expect(() => list('clients')).toThrow(/rules, scenarios, hazards, faults/);
    expect(() => list('rules', 'scenarios')).toThrow(/too many arguments/);
  });
});
