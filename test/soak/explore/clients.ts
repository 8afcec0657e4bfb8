import path from 'node:path';
import type { ClientDriver } from '../../../conformance/driver/client-driver.ts';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import { behaviourOf, versionsOf, type ServerVersion } from '../../../server/index.ts';
import { fixtureClients, type FixtureClient } from '../../../fixtures/clients/catalog.ts';
import { argvOf } from '../../../fixtures/clients/start-command.ts';
import { driverInProcess } from '../../support/client-in-process.ts';
import { inProcess } from '../../support/reference-in-process.ts';

/** A client to explore with. */
export interface ExploredClient {
  readonly id: string;
  /** For a schedule: in this process where that lets it be, which takes a third of the time. */
  readonly driverFor: (schedule: Scenario) => ClientDriver;
  readonly capabilities: readonly string[];
  /** Those that it is made for. */
  readonly versions: readonly ServerVersion[];
  /** Whether it finds files by AXONSERVER_PATH_MAP. */
  readonly knowsPathMap: boolean;
}

const everywhere = { versions: versionsOf('enterprise'), knowsPathMap: true };

export function asFixture(client: FixtureClient): ExploredClient {
  const command = new CommandDriver({ argv: argvOf(client), useShell: false, environment: process.env });
  return {
    id: client.id,
    driverFor: (schedule) => driverInProcess(client, schedule) ?? command,
    capabilities: client.capabilities,
    ...everywhere,
  };
}

/** The client of the README, as `init` writes it: it asks for `eventstore` alone, which came with 4.6. */
function starter(): ExploredClient {
  const script = path.resolve('conformance/starter/backup.sh');
  const driver = new CommandDriver({ argv: ['bash', script], useShell: false, environment: process.env });
  const versions = everywhere.versions.filter((version) => behaviourOf(version, 'enterprise').hasEventStoreListing);
  return { id: 'starter', driverFor: () => driver, capabilities: [], versions, knowsPathMap: false };
}

/** Clients that no schedule may fail: the reference in this process before each other one, since it is played the fastest. */
export function correctClients(): ExploredClient[] {
  const reference = new FunctionDriver(inProcess());
  const quick = { id: 'in-process', driverFor: () => reference, capabilities: [], ...everywhere };
  const fixtures = fixtureClients.filter(({ kind }) => kind !== 'mutant').map(asFixture);
  return [...fixtures, starter()].flatMap((client) => [quick, client]);
}
