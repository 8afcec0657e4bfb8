import { CommandDriver } from '../driver/command-driver.ts';
import { runConformance } from './run-conformance.ts';
import { scenarios } from '../scenarios/catalog.ts';
import type { Report, RuleResult } from '../verdict/report.ts';

/** A client that the kit is held against: a correct one, or one with a single defect. */
export interface ProvedClient {
  readonly id: string;
  /** How it is started. */
  readonly argv: readonly string[];
  readonly capabilities: readonly string[];
  /** The rule that must kill it; null for a correct one, which must pass everything. */
  readonly killedBy: string | null;
}

export interface SelftestOptions {
  readonly clients: readonly ProvedClient[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly seed: number;
  /** Real milliseconds for one run; a client that is meant to hang is what costs them. */
  readonly timeoutMs: number;
  readonly jobs?: number;
  readonly onClient?: (result: ClientProof) => void;
}

export interface ClientProof {
  readonly id: string;
  readonly killedBy: string | null;
  /** Rules that failed, or warned, anywhere. */
  readonly caughtBy: readonly string[];
  readonly isProved: boolean;
  readonly message: string;
  readonly exitCode: number;
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
 * rule that is named for it. A mutant is played in the scenarios that promise to judge that rule.
 */
export async function runSelftest(options: SelftestOptions, ruleIds: readonly string[]): Promise<KillMatrix> {
  const proofs: ClientProof[] = [];
  for (const client of options.clients) {
    const proof = await prove(client, options);
    proofs.push(proof);
    options.onClient?.(proof);
  }
  const killing = new Set(
    proofs.flatMap(({ killedBy, isProved }) => (isProved && killedBy !== null ? [killedBy] : [])),
  );
  const rulesWithoutMutant = ruleIds.filter((id) => !killing.has(id));
  const isProved = proofs.every((proof) => proof.isProved) && rulesWithoutMutant.length === 0;
  return { schemaVersion: 1, seed: options.seed, isProved, clients: proofs, rulesWithoutMutant };
}

async function prove(client: ProvedClient, options: SelftestOptions): Promise<ClientProof> {
  const { killedBy } = client;
  const only = killedBy === null ? [] : scenarios.filter(({ rules }) => rules.includes(killedBy)).map(({ id }) => id);
  const report = await runConformance({
    driver: new CommandDriver({ argv: client.argv, useShell: false, environment: options.environment }),
    capabilities: client.capabilities,
    seed: options.seed,
    timeoutMs: options.timeoutMs,
    only,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
  });
  const caughtBy = report.rules.filter(({ status }) => status === 'fail' || status === 'warn').map(({ id }) => id);
  const { id } = client;
  const { exitCode } = report;
  if (killedBy === null) {
    const isProved = exitCode === 0;
    return {
      id,
      killedBy,
      caughtBy,
      isProved,
      exitCode,
      message: isProved ? 'passes everything' : describeOpen(report),
    };
  }
  const isProved = caughtBy.includes(killedBy);
  const message = isProved ? `killed by ${killedBy}` : `survives ${killedBy}: ${describeOpen(report)}`;
  return { id, killedBy, caughtBy, isProved, exitCode, message };
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
