import type { ClientDriver } from '../driver/client-driver.ts';
import { CommandDriver } from '../driver/command-driver.ts';
import { ONE_FILE_SYSTEM } from './folders/other-file-system.ts';
import { runConformance } from './run-conformance.ts';
import { sideBySide } from './side-by-side.ts';
import { editions, versionsOf, type Edition, type ServerVersion } from '../../server/index.ts';
import { scenarios } from '../scenarios/catalog.ts';
import { needsPathMap, reasonNotToPlay } from '../scenarios/needs.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { rules as catalogue } from '../rules/catalog.ts';
import { triage } from '../triage/triage.ts';
import type { Report, RuleResult } from '../verdict/report.ts';

/** As images have it. */
const SERVER_ROOT = '/axonserver';

/** A client that the kit is held against: a correct one, or one with a single defect. */
export interface ProvedClient {
  readonly id: string;
  /** How it is started. */
  readonly argv: readonly string[];
  readonly capabilities: readonly string[];
  /** The rule that must kill it; null for a correct one, which must pass everything. */
  readonly killedBy: string | null;
  /** The scenario in which it must die, where that is known: it is played first. */
  readonly showsIn: string | null;
}

export interface SelftestOptions {
  readonly clients: readonly ProvedClient[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly seed: number;
  /** Real milliseconds for one run; a client that is meant to hang is what costs them. */
  readonly timeoutMs: number;
  /** Clients side by side. */
  readonly jobs: number;
  /** Plays every mutant in every scenario, which shows by how many rules each dies; else until its rule has killed it. */
  readonly isFull: boolean;
  /** Scenarios that correct clients play; all unless given. */
  readonly scenariosOfCorrect?: readonly string[];
  /** How a client is started for a scenario; null for its command, which is all that is used unless given. */
  readonly driverFor?: (client: ProvedClient, scenario: Scenario) => ClientDriver | null;
  /** Ends it, with `interrupted`. */
  readonly signal?: AbortSignal;
  /** Told what could not be cleared away, each with the reason. */
  readonly onLeftBehind?: (reasons: readonly string[]) => void;
  readonly onClient?: (result: ClientProof) => void;
}

export interface ClientProof {
  readonly id: string;
  readonly killedBy: string | null;
  /** Rules that failed, or warned, in the scenarios that were played. */
  readonly caughtBy: readonly string[];
  /** What triage of the report in which its rule has killed it says first, of level `must` or, behind those, `should`. */
  readonly causes: readonly string[];
  /** Where the named rule killed it first; null for a correct client, and for a survivor. */
  readonly scenario: string | null;
  /** Scenarios that it has played. */
  readonly played: number;
  readonly isProved: boolean;
  readonly message: string;
}

/** Which client dies by which rules. */
export interface KillMatrix {
  readonly schemaVersion: 1;
  readonly seed: number;
  readonly isProved: boolean;
  readonly clients: readonly ClientProof[];
  /** Rules that no client is killed by: nothing proves that they can fail. */
  readonly rulesWithoutMutant: readonly string[];
}

/**
 * Holds the kit against clients whose defects are known: correct ones pass every scenario, and each mutant dies by the
 * rule that is named for it, in one of the scenarios that promise to judge that rule.
 */
export async function runSelftest(options: SelftestOptions, ruleIds: readonly string[]): Promise<KillMatrix> {
  const proofs = new Map<string, ClientProof>();
  await sideBySide(options.clients, options.jobs, async (client) => {
    const proof =
      client.killedBy === null ? await acquit(client, options) : await kill(client, client.killedBy, options);
    proofs.set(client.id, proof);
    options.onClient?.(proof);
  });
  const clients = options.clients.flatMap(({ id }) => proofs.get(id) ?? []);
  const killing = new Set(clients.flatMap(({ killedBy, isProved }) => (isProved ? [killedBy] : [])));
  const rulesWithoutMutant = ruleIds.filter((id) => !killing.has(id));
  const isProved = clients.every((proof) => proof.isProved) && rulesWithoutMutant.length === 0;
  return { schemaVersion: 1, seed: options.seed, isProved, clients, rulesWithoutMutant };
}

/** A correct client has to pass everything. */
async function acquit(client: ProvedClient, options: SelftestOptions): Promise<ClientProof> {
  const only = options.scenariosOfCorrect ?? [];
  const chosen = scenarios.filter(({ id }) => only.length === 0 || only.includes(id));
  const reports: Report[] = [];
  // What the usual version cannot play is played on one that can.
  for (const together of checksOf(chosen, client, options)) reports.push(await play(client, together, options));
  const isProved = reports.length > 0 && reports.every(({ exitCode }) => exitCode === 0);
  const played = reports.flatMap((report) =>
    report.scenarios.filter(({ status }) => status !== 'not-applicable'),
  ).length;
  const open = reports.find(({ exitCode }) => exitCode !== 0);
  return {
    id: client.id,
    killedBy: null,
    caughtBy: caughtIn(reports),
    causes: [],
    scenario: null,
    played,
    isProved,
    message: open === undefined ? `passes ${played} scenarios` : describeOpen(open),
  };
}

/** A mutant has to die by its own rule, and by the rule alone: an error of the kit proves nothing. */
async function kill(client: ProvedClient, killedBy: string, options: SelftestOptions): Promise<ClientProof> {
  const isMadeForIt = ({ id }: Scenario): number => (id === client.showsIn ? 0 : 1);
  const judging = scenarios
    .filter(({ rules }) => rules.includes(killedBy))
    .toSorted((a, b) => isMadeForIt(a) - isMadeForIt(b));
  const reports: Report[] = [];
  let scenario: string | null = null;
  let causes: readonly string[] = [];
  for (const each of options.isFull ? scenarios : judging) {
    const report = await play(client, [each], options);
    reports.push(report);
    if (scenario === null && judging.includes(each) && caughtIn([report]).includes(killedBy)) {
      scenario = each.id;
      causes = causesIn(report);
    }
    if (scenario !== null && !options.isFull) break;
  }
  // Not of the version, which was chosen: of this machine.
  const cannotDie = scenario === null && isBeyond(client, reports);
  const isProved = (scenario !== null || cannotDie) && reports.every(({ exitCode }) => exitCode !== 70);
  const last = reports.at(-1);
  return {
    id: client.id,
    killedBy,
    caughtBy: caughtIn(reports),
    causes,
    scenario,
    played: reports.length,
    isProved,
    message: cannotDie
      ? `cannot die here: ${ONE_FILE_SYSTEM}`
      : isProved
        ? `killed by ${killedBy} in ${scenario}`
        : `survives ${killedBy} in ${reports.length} scenarios${last === undefined ? '' : `: ${describeOpen(last)}`}`,
  };
}

/** Whether the scenario in which it must die cannot be played on this machine. */
function isBeyond({ showsIn }: ProvedClient, reports: readonly Report[]): boolean {
  return reports.some((report) =>
    report.scenarios.some(({ id, message }) => id === showsIn && message === ONE_FILE_SYSTEM),
  );
}

function causesIn(report: Report): readonly string[] {
  const { causes, warnings } = triage(report, (id) => catalogue.find((rule) => rule.id === id));
  return [...causes, ...warnings].map(({ rule }) => rule);
}

/** `documented`, or where that cannot play the scenario, the first version that can; of the standard edition where none of the other can. */
function serverFor(scenario: Scenario): { readonly serverVersion: ServerVersion; readonly edition: Edition } {
  for (const edition of editions) {
    const serverVersion = versionsOf(edition).find(
      (version) => reasonNotToPlay(scenario, version, { edition, isPathMapped: true }) === null,
    );
    if (serverVersion !== undefined) return { serverVersion, edition };
  }
  return { serverVersion: 'documented', edition: 'enterprise' };
}

/** Scenarios that can be one check: on the same version, with the client started in the same way. */
function checksOf(chosen: readonly Scenario[], client: ProvedClient, { driverFor }: SelftestOptions): Scenario[][] {
  const checks = new Map<string, Scenario[]>();
  for (const each of chosen) {
    const { serverVersion, edition } = serverFor(each);
    const key = `${edition} ${serverVersion} ${needsPathMap(each)} ${(driverFor?.(client, each) ?? null) === null}`;
    checks.set(key, [...(checks.get(key) ?? []), each]);
  }
  return [...checks.values()];
}

/** A check of scenarios that are alike in version and driver, of which there is at least one. */
function play(client: ProvedClient, together: readonly Scenario[], options: SelftestOptions): Promise<Report> {
  const [first] = together;
  if (first === undefined) throw new Error('there is nothing to play');
  const asCommand = { argv: client.argv, useShell: false, environment: options.environment };
  return runConformance({
    driver: options.driverFor?.(client, first) ?? new CommandDriver(asCommand),
    capabilities: client.capabilities,
    seed: options.seed,
    ...serverFor(first),
    timeoutMs: options.timeoutMs,
    ...(needsPathMap(first) ? { serverRoot: SERVER_ROOT } : {}),
    only: together.map(({ id }) => id),
    jobs: 1,
    keepsFailures: false,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onLeftBehind === undefined ? {} : { onLeftBehind: options.onLeftBehind }),
  });
}

function caughtIn(reports: readonly Report[]): string[] {
  const caught = reports.flatMap(({ rules }) =>
    rules.filter(({ status }) => status === 'fail' || status === 'warn').map(({ id }) => id),
  );
  return [...new Set(caught)];
}

/** The first thing that is not as it should be. */
function describeOpen(report: Report): string {
  for (const { id, status, message, rules } of report.scenarios) {
    if (status === 'error') return `${id}: ${message}`;
    const open = rules.find((rule: RuleResult) => rule.status === 'fail' || rule.status === 'inconclusive');
    if (open !== undefined) return `${id}: ${open.id} ${open.status}: ${open.message}`;
    if (status === 'inconclusive') return `${id}: ${message}`;
  }
  return 'nothing failed';
}
