import type { ClientDriver } from '../../../conformance/driver/client-driver.ts';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import { fixtureClients, type FixtureClient } from '../../../fixtures/clients/catalog.ts';
import { argvOf } from '../../../fixtures/clients/start-command.ts';
import { inProcess } from '../../support/reference-in-process.ts';

/** A client to explore with. */
export interface ExploredClient {
  readonly id: string;
  readonly driver: ClientDriver;
  readonly capabilities: readonly string[];
}

export function asCommand(client: FixtureClient): ExploredClient {
  const driver = new CommandDriver({ argv: argvOf(client), useShell: false, environment: process.env });
  return { id: client.id, driver, capabilities: client.capabilities };
}

/** Clients that no schedule may fail: the reference in this process before each other one, since it is played the fastest. */
export function correctClients(): ExploredClient[] {
  const quick = { id: 'in-process', driver: new FunctionDriver(inProcess()), capabilities: [] };
  return fixtureClients.filter(({ kind }) => kind !== 'mutant').flatMap((client) => [quick, asCommand(client)]);
}
