import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assembleReport } from '../../../conformance/check/report/assemble-report.ts';
import { mergeReports } from '../../../conformance/check/report/merge-reports.ts';
import { selectPlays, shardOf } from '../../../conformance/check/selection/select-plays.ts';
import { formatJson } from '../../../conformance/reporters/json.ts';
import { parseJsonReport } from '../../../conformance/reporters/parse-json.ts';
import { rules as catalogue } from '../../../conformance/rules/catalog.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import { doWarningsFail } from '../../../conformance/verdict/expected-failures.ts';
import { REAL_SERVER, type Report, type Shard } from '../../../conformance/verdict/report.ts';
import { serverVersions } from '../../../server/index.ts';
import { arbitraryWhole } from '../../support/arbitrary-report.ts';
import { buildReport, buildRule, failedRule, ruleResult, scenarioResult } from '../../support/report.ts';

const count = fc.integer({ min: 1, max: 12 });

function shardsOf(total: number): Shard[] {
  return Array.from({ length: total }, (_none, place) => ({ index: place + 1, count: total }));
}

describe('the shards of a selection', () => {
  test('are disjoint, are all of it together, and are the same for whoever asks', () => {
    const area = fc.constantFrom('**', 'log/**', 'growth/**', 'fault/*');
    const version = fc.constantFrom(...serverVersions, 'all' as const);
    fc.assert(
      fc.property(area, version, count, (only, serverVersion, total) => {
        const selection = { only: [only], serverVersion };
        const named = (shard?: Shard): string[] =>
          selectPlays({ ...selection, ...(shard === undefined ? {} : { shard }) }).map(
            (play) => `${play.serverVersion} ${play.scenario.id}`,
          );
        const dealt = shardsOf(total).map((shard) => named(shard));
        expect(dealt.flat().toSorted()).toEqual(named().toSorted());
        expect(new Set(dealt.flat()).size).toBe(dealt.flat().length);
        expect(shardsOf(total).map((shard) => named(shard))).toEqual(dealt);
      }),
    );
  });

  test('differ by one scenario at most', () => {
    const sizes = shardsOf(7).map((shard) => shardOf(scenarios, shard).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });
});

/** What each shard writes, as the check that was not divided would have it. */
function inShards(whole: Report, total: number): Array<{ file: string; report: Report }> {
  const lines = whole.expectedFailures.map(({ entry }) => entry);
  return shardsOf(total).map((shard) => {
    const facts = {
      version: whole.kit.version,
      seed: whole.seed,
      serverVersion: whole.serverVersion,
      argv: whole.client.argv,
      capabilities: whole.capabilities,
      expectedFailures: lines,
      failOn: doWarningsFail(whole) ? ('warn' as const) : ('fail' as const),
      shard,
    };
    const part = assembleReport(facts, shardOf(whole.scenarios, shard), rulesOf(whole));
    const file = `report-${shard.index}.json`;
    return { file, report: parseJsonReport(formatJson(part), file) };
  });
}

/** As `buildReport` has them. */
function rulesOf(report: Report): ReturnType<typeof buildRule>[] {
  return report.rules.map(({ id, level }) => buildRule({ id, level }));
}

function merged(parts: ReadonlyArray<{ file: string; report: Report }>, whole: Report): Report {
  return mergeReports(parts, rulesOf(whole), [...new Set(whole.scenarios.map(({ id }) => id))]);
}

describe('a merged report', () => {
  test('is the one of a check that was not divided, whatever order its parts come in', () => {
    fc.assert(
      fc.property(arbitraryWhole, count, fc.boolean(), (whole, total, isTurned) => {
        const parts = inShards(whole, total);
        expect(formatJson(merged(isTurned ? parts.toReversed() : parts, whole))).toBe(formatJson(whole));
      }),
    );
  });

  test('keeps the order of scenarios that no catalogue has', () => {
    const whole = buildReport(['own/b', 'own/a', 'own/c'].map((id) => scenarioResult({ id })));
    const parts = inShards(whole, 2);
    const ids = mergeReports(parts, rulesOf(whole), []).scenarios.map(({ id }) => id);
    expect(ids).toEqual(['own/b', 'own/a', 'own/c']);
  });

  test('is never green where a shard is missing, and says so', () => {
    const whole = buildReport(['a', 'b', 'c'].map((id) => scenarioResult({ id })));
    expect(whole.exitCode).toBe(0);
    const report = merged(inShards(whole, 3).slice(1), whole);
    expect(report).toMatchObject({ exitCode: 2, incomplete: { reasons: ['shard-missing'], notPlayed: [] } });
  });

  test('tells what its parts have left', () => {
    const left = [{ id: 'b', serverVersion: 'documented' }];
    const part = (index: number, id: string, facts: object): { file: string; report: Report } => ({
      file: id,
      report: buildReport([scenarioResult({ id, rules: [failedRule()] })], { shard: { index, count: 2 }, ...facts }),
    });
    const parts = [
      part(1, 'a', { incomplete: { reasons: ['bail'], notPlayed: left } }),
      part(2, 'c', { incomplete: { reasons: ['interrupted'], notPlayed: [] } }),
    ];
    const report = mergeReports(parts, catalogue, []);
    expect(report).toMatchObject({ exitCode: 1, incomplete: { reasons: ['interrupted', 'bail'], notPlayed: left } });
  });

  test('finds a known failure stale that has passed in all shards, and in none of them before', () => {
    const rules = [ruleResult({ id: 'log/replaced' })];
    const broken = [failedRule({ id: 'log/replaced' })];
    const facts = { expectedFailures: ['log/replaced'] };
    const mended = buildReport([scenarioResult({ id: 'a', rules }), scenarioResult({ id: 'b', rules })], facts);
    const known = buildReport([scenarioResult({ id: 'a', rules }), scenarioResult({ id: 'b', rules: broken })], facts);
    expect(inShards(known, 2).map(({ report }) => report.exitCode)).toEqual([0, 2]);
    expect(merged(inShards(known, 2), known)).toEqual(known);
    expect(merged(inShards(mended, 2), mended)).toMatchObject({ exitCode: 1, expectedFailures: [{ isStale: true }] });
  });

  test('keeps what was past its date past its date', () => {
    const facts = { expectedFailures: ['log/replaced until 2026-02-28', 'log/recopied until 2026-03-01'] };
    const part = (index: number) =>
      buildReport([scenarioResult({ id: `s${index}` })], { ...facts, today: '2026-03-01', shard: { index, count: 2 } });
    const parts = [1, 2].map((index) => ({ file: `${index}`, report: part(index) }));
    expect(mergeReports(parts, catalogue, []).expectedFailures).toMatchObject([
      { entry: 'log/replaced', until: '2026-02-28', isExpired: true },
      { entry: 'log/recopied', until: '2026-03-01' },
    ]);
  });

  test.each([
    [{ seed: 2 }, 'their seed differs, 1 and 2'],
    [{ argv: ['./other.sh'] }, 'their client differs, ["./backup.sh","{url}"] and ["./other.sh"]'],
    [{ serverVersion: '4.2' }, 'their server version differs'],
    [{ version: '9' }, 'their release of the kit differs'],
    [{ capabilities: ['in-place'] }, 'their capabilities differ'],
    [{ expectedFailures: ['log/replaced'] }, 'their list of known failures differs'],
    [{ shard: { index: 2, count: 3 } }, 'their number of shards differs'],
    [{ lastFailed: true as const }, 'their selection differs'],
  ])('is refused of two checks: %j', (facts, message) => {
    const part = (id: string, more: object) => ({
      file: `${id}.json`,
      report: buildReport([scenarioResult({ id })], more),
    });
    const first = part('a', { shard: { index: 1, count: 2 } });
    const other = part('b', { shard: { index: 2, count: 2 }, ...facts });
    expect(() => mergeReports([first, other], catalogue, [])).toThrow(message.replace('differ,', 'differs,'));
  });

  /** `merge` makes pages of the report of one `watch`; that had ended with 0, and the merge of it alone with 2. */
  test('of a trace leaves open what nobody can judge beside a real server, as watch does', () => {
    const beyond = catalogue.find(({ needsCluster }) => needsCluster !== undefined)?.id ?? '';
    const open = ruleResult({ id: beyond, status: 'inconclusive', message: 'needs the fake cluster: it knows' });
    const facts = { version: '1', seed: 1, argv: ['./b.sh'], capabilities: [], expectedFailures: [] };
    const exitCodeOf = (serverVersion: string): number => {
      const trace = scenarioResult({ id: 'watch/trace', status: 'pass', serverVersion, rules: [ruleResult(), open] });
      const report = assembleReport({ ...facts, serverVersion, failOn: 'fail' }, [trace], catalogue);
      expect(report.rules.map(({ id }) => id)).toContain(beyond);
      const again = mergeReports([{ file: 'watch.json', report }], catalogue, []);
      expect(again).toEqual(report);
      return again.exitCode;
    };
    expect([REAL_SERVER, 'documented'].map(exitCodeOf)).toEqual([0, 2]);
  });

  test('is refused where one shard is there twice', () => {
    const whole = buildReport([scenarioResult({ id: 'a' })]);
    const [first, second] = inShards(whole, 2);
    if (first === undefined || second === undefined) throw new Error('there are two');
    expect(() => merged([first, { ...first, file: 'again.json' }], whole)).toThrow(
      'report-1.json and again.json both have shard 1/2',
    );
    expect(() => merged([second, { ...second, file: 'again.json' }], whole)).toThrow('both have shard 2/2');
  });
});
