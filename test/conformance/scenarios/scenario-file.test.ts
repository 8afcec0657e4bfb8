import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { rules } from '../../../conformance/rules/catalog.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import { needs } from '../../../conformance/scenarios/needs.ts';
import { oddityNames } from '../../../conformance/scenarios/oddities.ts';
import { describeScenario } from '../../../conformance/scenarios/described-scenario.ts';
import { reasonsNotToPlay } from '../../../conformance/scenarios/needs.ts';
import { parseScenarioFile } from '../../../conformance/scenarios/scenario-file.ts';
import { ScenarioFile } from '../../../conformance/scenarios/scenario-file-schema.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import { failureOf } from '../../support/failure-of.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const there = { rules: rules.map(({ id }) => id), hazards: scenarios.flatMap(({ hazards }) => hazards) };

function parse(text: string, name = 'f.yaml'): Scenario {
  return parseScenarioFile(text, name, there);
}

/** A hazard may be made more than once; its id says which it is. */
function comparable(scenario: Scenario): object {
  return { ...scenario, needs: scenario.needs ?? [], hazards: scenario.hazards.map(({ id, title }) => [id, title]) };
}

test('the schema that is shipped is the one that scenario files are held against', () => {
  const shipped = fs.readFileSync(path.join(root, 'conformance/schema/scenario.schema.json'), 'utf8');
  expect(JSON.parse(shipped)).toEqual(JSON.parse(JSON.stringify(ScenarioFile)));
});

describe('a scenario of the kit', () => {
  test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s is the same after it was printed as a file and read again, in JSON and in YAML',
    (_id, scenario) => {
      const printed = describeScenario(scenario);
      expect(comparable(parse(JSON.stringify(printed, null, 2), 'f.json'))).toEqual(comparable(scenario));
      // So `list scenarios --json` has it.
      const listed = { ...printed, notPlayed: reasonsNotToPlay(scenario) };
      expect(comparable(parse(JSON.stringify(listed), 'f.json'))).toEqual(comparable(scenario));
      expect(comparable(parse(stringify(printed)))).toEqual(comparable(scenario));
    },
  );
});

describe('a scenario file', () => {
  test.each(fs.readdirSync(path.join(root, 'test/cases/schedules')))('%s is one', (name) => {
    const scenario = parse(fs.readFileSync(path.join(root, 'test/cases/schedules', name), 'utf8'), name);
    expect([scenario.hazards, scenario.rules]).toEqual([[], []]);
  });

  test('needs steps alone, and is called after its file', () => {
    const { id, title, story, hazards, cluster } = parse('steps: [{ kind: run }]', 'a/b/Disk is FULL (2).yaml');
    expect([id, title, story, hazards, cluster]).toEqual(['own/disk-is-full-2', 'own/disk-is-full-2', '', [], {}]);
  });

  test('called by signs that no folder may have has a name all the same', () => {
    expect(parse('steps: [{ kind: run }]', '../..').id).toBe('own/scenario');
  });
});

/** What is wrong, and what is said of it. */
const bad: ReadonlyArray<readonly [text: string, message: string]> = [
  ['', 'f.yaml:1: must be object'],
  ['[]', 'f.yaml:1: must be object'],
  ['steps: [', 'f.yaml:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ['title: x', 'f.yaml:1: "steps" is missing'],
  ['steps: []', 'f.yaml:1: steps: must NOT have fewer than 1 items'],
  [
    'steps:\n  - { kind: advance, by: 1h }',
    'f.yaml:2: steps: there is no step with kind: run, so that no client is judged',
  ],
  ['steps:\n  - { kind: run }\n  - { kind: jump }', 'f.yaml:3: steps[1]: value of tag "kind" must be in oneOf'],
  ['steps:\n  - { kind: run }\n  - { by: 1h }', 'f.yaml:3: steps[1]: "kind" is missing'],
  [
    'steps:\n  - { kind: run }\n  - { kind: advance, by: 1x }',
    'f.yaml:3: steps[1].by: "1x" is not a duration: write 90s, 31m, 2h or 1h30m',
  ],
  ['steps:\n  - { kind: run }\n  - { kind: advance, by: 101d }', 'f.yaml:3: steps[1].by: by: 101d: 100d at most'],
  ['steps:\n  - { kind: run, nod: node-1 }', 'f.yaml:2: steps[0].nod: nothing is known of this'],
  [
    'steps:\n  - { kind: run, node: node-4 }',
    'f.yaml:2: steps[0].node: there is no node "node-4"; there are node-1, node-2, node-3',
  ],
  [
    'cluster: { nodes: 1 }\nsteps:\n  - { kind: run }\n  - { kind: crash, node: node-2 }',
    'f.yaml:4: steps[1].node: there is no node "node-2"; there are node-1',
  ],
  [
    'steps:\n  - { kind: run }\n  - { kind: roll, context: orders }',
    'f.yaml:3: steps[1].context: there is no context "orders"; there are default',
  ],
  [
    'steps:\n  - { kind: run }\n  - { kind: clean-log, node: node-1, group: x }',
    'f.yaml:3: steps[1].group: there is no group "x"; there are _admin, default',
  ],
  [
    'steps:\n  - { kind: run }\n  - { kind: transform, firstToken: 5, lastToken: 4 }',
    'f.yaml:3: steps[1].lastToken: it lies before firstToken',
  ],
  [
    'steps:\n  - kind: run\n    surprises:\n      - at: { path: /x, when: arrives }\n        happens:\n          - { kind: advance, by: soon }',
    'f.yaml:6: steps[0].surprises[0].happens[0].by: "soon" is not a duration: write 90s, 31m, 2h or 1h30m',
  ],
  [
    'steps:\n  - kind: run\n    surprises:\n      - at: { path: /x, when: later }\n        happens: [{ kind: kill-client }]',
    'f.yaml:4: steps[0].surprises[0].at.when: one of arrives, is-answered is wanted',
  ],
  [
    'steps:\n  - { kind: run }\n  - kind: plan-faults\n    rules:\n      - { match: {}, do: { delay: 200d } }',
    'f.yaml:5: steps[1].rules[0].do.delay: delay: 200d: 100d at most',
  ],
  [
    'cluster:\n  segmentSizeBytes: 10\nsteps: [{ kind: run }]',
    'f.yaml:2: cluster: segment size 10: a whole number from 64 to 2147483647 is wanted',
  ],
  [
    'id: ../../etc\nsteps: [{ kind: run }]',
    'f.yaml:1: id: must match pattern "^[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)?$"',
  ],
  [
    'steps: [{ kind: run }]\nrules:\n  - no/such-rule',
    'f.yaml:3: rules[0]: there is no rule "no/such-rule": `axon-backup-kit list rules` tells what there is',
  ],
  // Their files had one name, and the kit failed with 70.
  [
    'steps:\n  - kind: run\n    surprises:\n      - at: { path: /x, when: arrives }\n        happens: [{ kind: run-beside }]\n      - at: { path: /y, when: arrives }\n        happens:\n          - { kind: run-beside }',
    'f.yaml:8: steps[0].surprises[1].happens[0].kind: a run has one other beside it at most',
  ],
  [
    'steps: [{ kind: run }]\nhazards: [meteor]',
    'f.yaml:2: hazards[0]: there is no hazard "meteor": `axon-backup-kit list hazards` tells what there is',
  ],
  ['steps: [{ kind: run }]\nneeds: [luck]', `f.yaml:2: needs[0]: one of ${Object.keys(needs).join(', ')} is wanted`],
  [
    'steps: [{ kind: run }]\noddities: [upside-down]',
    `f.yaml:2: oddities[0]: one of ${oddityNames.join(', ')} is wanted`,
  ],
];

describe('what is wrong with a scenario file is told in one line, with the line in it', () => {
  test.each(bad)('%j', (text, message) => {
    expect(failureOf(() => parse(text))).toMatchObject({ kind: 'bad-option', message });
  });
});
