import { AxonError, serverVersions } from '../../../server/index.ts';
import type { Rule } from '../../rules/rule.ts';
import { doWarningsFail } from '../../verdict/expected-failures.ts';
import type { ExpectedFailure, Incomplete, ReasonIncomplete, Report, ScenarioResult } from '../../verdict/report.ts';
import { assembleReport } from './assemble-report.ts';

/** A report, and the file that it came from. */
export interface NamedReport {
  readonly file: string;
  readonly report: Report;
}

/** From the gravest. */
const reasonsInOrder: readonly ReasonIncomplete[] = ['interrupted', 'disk-full', 'bail', 'shard-missing'];

/**
 * One report of several parts: the same as if all had been played in one check, but for real times. Results stand version by
 * version and in the order of `scenarioIds`, whatever order the reports come in; scenarios that are not among those keep the
 * order that their shards have. Where a shard is missing, the report says so and is never green. Pure.
 *
 * Fails with `bad-option` where the reports are not of one check, or two of them have the same scenario.
 */
export function mergeReports(
  reports: readonly NamedReport[],
  rules: readonly Rule[],
  scenarioIds: readonly string[],
): Report {
  const [first] = reports;
  if (first === undefined) throw new AxonError('bad-option', 'there is no report to merge');
  for (const other of reports) requireSameCheck(first, other);
  requireDistinct(reports);
  const { kit, seed, serverVersion, edition, client, capabilities, expectedFailures, lastFailed } = first.report;
  const warningsFail = reports.some(({ report }) => doWarningsFail(report));
  const facts = {
    version: kit.version,
    seed,
    serverVersion,
    ...(edition === undefined ? {} : { edition }),
    argv: client.argv,
    capabilities,
    expectedFailures: expectedFailures.map(lineOf),
    today: dayOf(reports),
    failOn: warningsFail ? ('warn' as const) : ('fail' as const),
    ...(lastFailed === undefined ? {} : { lastFailed }),
    ...incompleteOf(reports),
  };
  return assembleReport(facts, inReadingOrder(reports, scenarioIds), rules);
}

/** Whatever makes one check another one. */
function requireSameCheck(first: NamedReport, other: NamedReport): void {
  const partsOf = ({ report }: NamedReport): Readonly<Record<string, unknown>> => ({
    'release of the kit': report.kit.version,
    seed: report.seed,
    'server version': report.serverVersion,
    edition: report.edition ?? 'enterprise',
    client: report.client.argv,
    capabilities: report.capabilities,
    'list of known failures': report.expectedFailures.map(lineOf),
    'number of shards': report.shard?.count ?? 1,
    selection: report.lastFailed === true ? 'what did not pass before' : 'all',
  });
  const others = partsOf(other);
  for (const [what, value] of Object.entries(partsOf(first))) {
    const [here, there] = [JSON.stringify(value), JSON.stringify(others[what])];
    if (here === there) continue;
    const text = `${first.file} and ${other.file} are not of one check: their ${what} differs, ${here} and ${there}`;
    throw new AxonError('bad-option', text);
  }
}

function requireDistinct(reports: readonly NamedReport[]): void {
  const seen = new Map<string, string>();
  for (const { file, report } of reports) {
    const names = report.scenarios.map(({ id, serverVersion }) => `${id} with server version ${serverVersion}`);
    // A shard of little may have nothing, and counts once all the same.
    if (report.shard !== undefined) names.unshift(`shard ${report.shard.index}/${report.shard.count}`);
    for (const name of names) {
      const other = seen.get(name);
      if (other !== undefined) throw new AxonError('bad-option', `${other} and ${file} both have ${name}`);
      seen.set(name, file);
    }
  }
}

function incompleteOf(reports: readonly NamedReport[]): { readonly incomplete?: Incomplete } {
  const given = reports.flatMap(({ report }) => report.incomplete ?? []);
  const count = reports[0]?.report.shard?.count ?? 1;
  const reasons = new Set(given.flatMap((each) => each.reasons));
  if (count > 1 && reports.length < count) reasons.add('shard-missing');
  if (reasons.size === 0) return {};
  return {
    incomplete: {
      reasons: reasonsInOrder.filter((reason) => reasons.has(reason)),
      notPlayed: given.flatMap(({ notPlayed }) => notPlayed),
    },
  };
}

function inReadingOrder(reports: readonly NamedReport[], scenarioIds: readonly string[]): ScenarioResult[] {
  const inShards = reports.toSorted((a, b) => (a.report.shard?.index ?? 0) - (b.report.shard?.index ?? 0));
  const longest = Math.max(0, ...reports.map(({ report }) => report.scenarios.length));
  // As they were dealt out, one to each.
  const dealt = Array.from({ length: longest }, (_none, place) =>
    inShards.flatMap(({ report }) => report.scenarios.slice(place, place + 1)),
  ).flat();
  const versions: readonly string[] = serverVersions;
  const placeOf = ({ id }: ScenarioResult): number => {
    const place = scenarioIds.indexOf(id);
    return place === -1 ? scenarioIds.length : place;
  };
  return dealt.toSorted(
    (a, b) => versions.indexOf(a.serverVersion) - versions.indexOf(b.serverVersion) || placeOf(a) - placeOf(b),
  );
}

function lineOf({ entry, until, reason }: ExpectedFailure): string {
  return `${entry}${until === undefined ? '' : ` until ${until}`}${reason === undefined ? '' : ` # ${reason}`}`;
}

/** The day on which the last of the reports was made, as far as it matters: by then the same lines are past their date. */
function dayOf(reports: readonly NamedReport[]): string | null {
  const past = reports.flatMap(({ report }) =>
    report.expectedFailures.flatMap(({ isExpired, until }) =>
      isExpired === true && until !== undefined ? [until] : [],
    ),
  );
  const latest = past.toSorted().at(-1);
  if (latest === undefined) return null;
  const nextDay = new Date(`${latest}T00:00:00Z`);
  nextDay.setUTCDate(nextDay.getUTCDate() + 1);
  return nextDay.toISOString().slice(0, 10);
}
