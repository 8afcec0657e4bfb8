import path from 'node:path';
import { CommandDriver } from '../../conformance/driver/command-driver.ts';
import { fixtureClients, type FixtureClient } from '../../fixtures/clients/catalog.ts';

/** Also where this file itself is built, in dist/. */
const projectFolder = path.resolve(import.meta.dirname, '../..', import.meta.url.includes('/dist/test/') ? '..' : '.');

export function fixtureClient(id: string): FixtureClient {
  const client = fixtureClients.find((each) => each.id === id);
  if (client === undefined) throw new Error(`there is no client "${id}"`);
  return client;
}

/** How a client of fixtures/ is started, as it is shipped: `npm test` has built it. */
export function argvOfBuilt({ file }: FixtureClient): string[] {
  return file.endsWith('.sh')
    ? ['bash', path.join(projectFolder, file)]
    : [process.execPath, path.join(projectFolder, 'dist', file)];
}

/** A client of fixtures/ as a check runs it. */
export function driverOf(id: string): CommandDriver {
  return new CommandDriver({ argv: argvOfBuilt(fixtureClient(id)), useShell: false, environment: process.env });
}
