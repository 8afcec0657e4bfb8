import { describe, expect, test } from 'vitest';
import type { Catalogue } from '../../../conformance/commands/catalogue.ts';
import { addListCommand } from '../../../conformance/commands/list.ts';
import { demonstrations } from '../../../conformance/demo/catalog.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import { addExplainCommand } from '../../../conformance/commands/explain.ts';
import { runCommand } from '../../support/captured-output.ts';
import { failureOf } from '../../support/failure-of.ts';
import { buildRule, buildScenario } from '../../support/report.ts';

const catalogue: Catalogue = {
  rules: [buildRule(), buildRule({ id: 'log/replaced' }), buildRule({ id: 'log/both' })],
  scenarios: [buildScenario(), buildScenario({ id: 'log/both', title: 'a scenario of the same name' })],
  mutants: [],
};

const explain = (...args: string[]): string =>
  runCommand((program) => addExplainCommand(program, catalogue), ['explain', ...args]);

describe('explain', () => {
  test('tells of a rule and of a scenario', () => {
    expect(explain('order/control-db-first')).toMatch(/^order\/control-db-first {2}\(must\)\n/);
    expect(explain('log/cleaned-between-runs')).toMatch(/^log\/cleaned-between-runs {2}\(scenario\)\n/);
  });

  test('tells of both where both have the id', () => {
    expect(explain('log/both')).toMatch(/^log\/both {2}\(must\)\n[\s\S]*\n\nlog\/both {2}\(scenario\)\n/);
  });

  test('knows the problems that verify tells in brackets', () => {
    expect(explain('bad-index')).toMatch(/^bad-index {2}\(problem\)\n[\s\S]*what to do {2}leave all index files/);
  });

  test('knows every id that list and demo tell, and says what it is', () => {
    const all: Catalogue = { rules, scenarios, mutants: [] };
    const listed = JSON.parse(runCommand((program) => addListCommand(program, all), ['list', '--json'])) as Record<
      string,
      ReadonlyArray<{ readonly id?: string; readonly action?: string }>
    >;
    const ids = Object.values(listed).flatMap((things) => things.map(({ id, action }) => id ?? action ?? ''));
    const tell = (id: string): string => runCommand((program) => addExplainCommand(program, all), ['explain', id]);
    for (const id of ids) expect(tell(id)).toMatch(/^\S+ {2}\((?:must|should|scenario|hazard|fault)\)\n/);
    const hazards = listed['hazards']?.map(({ id }) => id);
    for (const { id, scenario } of demonstrations) {
      expect(hazards).toContain(id);
      expect(scenario.hazards.map((hazard) => hazard.id)).toContain(id);
      expect(tell(id)).toContain(`axon-backup-kit demo ${id}`);
    }
    expect(new Set(demonstrations.map(({ id }) => id)).size).toBe(demonstrations.length);
  });

  test.each([
    ['a slip of the fingers', 'ordr/control-db-frist', 'did you mean order/control-db-first?'],
    ['the name without its area', 'replacd', 'did you mean log/replaced?'],
    ['a part of the id', 'control-db', 'did you mean order/control-db-first?'],
    ['upper case', 'LOG/REPLACED', 'did you mean log/replaced?'],
    ['several that it may be', 'log/', 'did you mean log/replaced or log/both or log/cleaned-between-runs?'],
    ['nothing like it', 'xyzzy', '`list` tells what there is'],
  ])('of an unknown id, %s: names the nearest', (_name, id, advice) => {
    expect(failureOf(() => explain(id))).toMatchObject({
      kind: 'bad-option',
      message: `nothing is called "${id}": ${advice}`,
    });
  });

  test('an unknown id is told in one short line, whatever it is', () => {
    const { message } = failureOf(() => explain(`a\n\u001B[31m${'x'.repeat(500)}`));
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(200);
  });

  test('wants an id', () => {
    expect(() => explain()).toThrow(/missing required argument/);
  });
});
