import * as fc from 'fast-check';
import type { ReportFacts } from '../../conformance/check/report/assemble-report.ts';
import { serverVersions, type ServerVersion } from '../../server/index.ts';
import type { Report, RuleResult, ScenarioResult } from '../../conformance/verdict/report.ts';
import { buildReport, finding, ruleResult, scenarioResult } from './report.ts';

/** What no output format likes, in one string. */
export const hostile =
  '\u001B[31mred\u0000 <b a="1">&amp;\'</b> ]]> | `x` \r\n\t ::error:: \u202Etxt.exe @team 😀 \uD800 \uFFFE';

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 20 }), fc.constant(hostile));

const evidence = fc.record({
  run: fc.option(fc.integer({ min: 1, max: 9 })),
  atMs: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 })),
  subject: text,
  expected: text,
  actual: text,
});

const rule: fc.Arbitrary<RuleResult> = fc
  .record({
    id: fc.constantFrom('order/control-db-first', 'log/replaced', 'log/all-groups', 'outcome/no-loss'),
    status: fc.constantFrom(
      'pass' as const,
      'fail' as const,
      'warn' as const,
      'inconclusive' as const,
      'not-applicable' as const,
    ),
    message: text,
    evidence: fc.array(evidence.map(finding), { maxLength: 8 }),
  })
  .map(ruleResult);

const places = fc.array(fc.record({ place: text, segments: fc.integer({ min: 1, max: 9 }) }), { maxLength: 2 });

const restored = fc.record({
  run: fc.integer({ min: 1, max: 9 }),
  why: text,
  controlDb: fc.option(text),
  logs: fc.array(fc.record({ group: text, from: places }), { maxLength: 2 }),
  stores: fc.array(fc.record({ context: text, type: fc.constantFrom('EVENT', 'SNAPSHOT'), from: places }), {
    maxLength: 2,
  }),
});

const scenario: fc.Arbitrary<Partial<ScenarioResult>> = fc.record({
  // Titles are the kit's own prose, in which backticks come in pairs.
  title: text.map((title) => title.replaceAll('`', "'")),
  message: fc.option(text),
  rules: fc.uniqueArray(rule, { selector: ({ id }) => id, maxLength: 4 }),
  hazards: fc.array(fc.record({ id: fc.constantFrom('hazard-a', 'hazard-b'), reached: fc.boolean() }), {
    maxLength: 2,
  }),
  restored,
  loss: fc.array(fc.record({ context: text, type: text, events: fc.nat(), virtualTime: fc.nat() }), { maxLength: 2 }),
  repro: text,
  artefacts: fc.option(fc.record({ folder: text, isTemporary: fc.boolean() })),
});

/** What has become of one scenario with one version. */
const outcome = fc.record({
  values: scenario,
  kind: fc.constantFrom('played' as const, 'played' as const, 'kit failed' as const, 'not played' as const),
});

function resultOf({ values, kind }: Outcome, id: string, serverVersion: ServerVersion): ScenarioResult {
  const told = { ...values, id, serverVersion };
  switch (kind) {
    case 'played':
      return scenarioResult(told);
    case 'kit failed':
      return scenarioResult({ ...told, status: 'error', rules: [] });
    case 'not played': {
      const { rules = [] } = values;
      const results = rules.map((each) => ({ ...each, status: 'not-applicable' as const, evidence: [] }));
      return scenarioResult({ ...told, status: 'not-applicable', rules: results, runs: [], hazards: [], loss: [] });
    }
  }
}

type Outcome = typeof outcome extends fc.Arbitrary<infer Value> ? Value : never;

/** Reports of any outcome with any strings, of one version or of all, each put together as the kit does it. */
export const arbitraryWhole = reports(fc.constant({}));

/** The same, and reports of checks that ended early, and of shards. */
export const arbitraryReport = reports(
  fc.record(
    {
      shard: fc.constant({ index: 2, count: 3 }),
      incomplete: fc.record({
        reasons: fc.subarray(['interrupted', 'disk-full', 'bail', 'shard-missing'] as const, { minLength: 1 }),
        notPlayed: fc.array(fc.record({ id: fc.constant('scenario/left'), serverVersion: fc.constant('4.2') }), {
          maxLength: 2,
        }),
      }),
      lastFailed: fc.constant(true as const),
    },
    { requiredKeys: [] },
  ),
);

function reports(parts: fc.Arbitrary<Pick<ReportFacts, 'shard' | 'incomplete' | 'lastFailed'>>): fc.Arbitrary<Report> {
  return fc
    .record({
      serverVersion: fc.constantFrom('documented' as const, '4.2' as const, 'all' as const),
      scenarios: fc.array(fc.array(outcome, { minLength: serverVersions.length, maxLength: serverVersions.length }), {
        maxLength: 4,
      }),
      expectedFailures: fc.uniqueArray(fc.constantFrom('log/replaced', 'scenario/0:outcome/no-loss', 'no/such-rule'), {
        maxLength: 2,
      }),
      failOn: fc.constantFrom('fail' as const, 'warn' as const),
      argv: fc.array(text, { maxLength: 3 }),
      part: parts,
    })
    .map(({ scenarios, part, ...given }) => {
      const facts = { ...given, ...part };
      const versions = facts.serverVersion === 'all' ? serverVersions : [facts.serverVersion];
      const results = versions.flatMap((version, column) =>
        scenarios.flatMap((outcomes, place) =>
          outcomes.slice(column, column + 1).map((each) => resultOf(each, `scenario/${place}`, version)),
        ),
      );
      return buildReport(results, facts);
    });
}
