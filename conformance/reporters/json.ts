import type { Incomplete, Report, ReportedPlace, ReportedRestore, ScenarioResult } from '../verdict/report.ts';
import { lastingFolder } from './report-facts.ts';

/**
 * The report as JSON, in the order of the contract whatever order the report was put together in, and nothing that the
 * schema (`schema/report.schema.json`) does not name.
 */
export function formatJson(report: Report): string {
  const {
    schemaVersion,
    kit,
    seed,
    serverVersion,
    edition,
    client,
    capabilities,
    shard,
    lastFailed,
    incomplete,
    exitCode,
    summary,
  } = report;
  const { pass, fail, warn, inconclusive, notApplicable, error } = summary;
  const ordered: Omit<Report, 'scenarios'> & { readonly scenarios: readonly JsonScenario[] } = {
    schemaVersion,
    kit: { version: kit.version },
    seed,
    serverVersion,
    ...(edition === undefined ? {} : { edition }),
    client: { argv: client.argv },
    capabilities,
    ...(shard === undefined ? {} : { shard: { index: shard.index, count: shard.count } }),
    ...(lastFailed === undefined ? {} : { lastFailed }),
    ...(incomplete === undefined ? {} : { incomplete: orderIncomplete(incomplete) }),
    exitCode,
    summary: { pass, fail, warn, inconclusive, notApplicable, error },
    rules: report.rules.map(({ id, level, status, versions, scenarios }) => ({
      id,
      level,
      status,
      versions: versions.map((each) => ({ version: each.version, status: each.status })),
      scenarios,
    })),
    scenarios: report.scenarios.map(orderScenario),
    expectedFailures: report.expectedFailures.map(({ entry, isStale, isExpired, until, reason }) => ({
      entry,
      isStale,
      ...(isExpired === undefined ? {} : { isExpired }),
      ...(until === undefined ? {} : { until }),
      ...(reason === undefined ? {} : { reason }),
    })),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

/** A scenario as the schema has it. */
type JsonScenario = Omit<ScenarioResult, 'artefacts'> & { readonly artefacts: string | null };

function orderScenario(scenario: ScenarioResult): JsonScenario {
  const { id, serverVersion, title, status, message, repro, wallClock } = scenario;
  return {
    id,
    serverVersion,
    title,
    status,
    message,
    rules: scenario.rules.map((rule) => ({
      id: rule.id,
      level: rule.level,
      status: rule.status,
      message: rule.message,
      evidence: rule.evidence.map(({ run, atMs, subject, expected, actual }) => ({
        run,
        atMs,
        subject,
        expected,
        actual,
      })),
      ...(rule.isTheReason === undefined ? {} : { isTheReason: rule.isTheReason }),
    })),
    ...(scenario.notes === undefined ? {} : { notes: scenario.notes }),
    hazards: scenario.hazards.map((hazard) => ({ id: hazard.id, reached: hazard.reached })),
    runs: scenario.runs.map(
      ({ run, exitCode, signal, hasTimedOut, requests, virtualStart, virtualEnd, stderrTail }) => ({
        run,
        exitCode,
        signal,
        hasTimedOut,
        requests,
        virtualStart,
        virtualEnd,
        ...(stderrTail === undefined ? {} : { stderrTail }),
      }),
    ),
    ...(scenario.restored === undefined ? {} : { restored: orderRestored(scenario.restored) }),
    loss: scenario.loss.map(({ context, type, events, virtualTime }) => ({ context, type, events, virtualTime })),
    repro,
    artefacts: lastingFolder(scenario),
    wallClock: { totalMs: wallClock.totalMs, clientMs: wallClock.clientMs },
  };
}

function orderIncomplete({ reasons, notPlayed }: Incomplete): Incomplete {
  return { reasons, notPlayed: notPlayed.map(({ id, serverVersion }) => ({ id, serverVersion })) };
}

function orderRestored({ run, why, controlDb, logs, stores }: ReportedRestore): ReportedRestore {
  const orderPlaces = (from: readonly ReportedPlace[]): ReportedPlace[] =>
    from.map(({ place, segments }) => ({ place, segments }));
  return {
    run,
    why,
    controlDb,
    logs: logs.map(({ group, from }) => ({ group, from: orderPlaces(from) })),
    stores: stores.map(({ context, type, from }) => ({ context, type, from: orderPlaces(from) })),
  };
}
