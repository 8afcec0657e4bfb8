import { CommandDriver } from '../../conformance/driver/command-driver.ts';
import { runConformance } from '../../conformance/check/run-conformance.ts';
import type { Report } from '../../conformance/verdict/report.ts';
import { fixtureClients } from '../../fixtures/clients/catalog.ts';
import { programOf } from '../fixtures/client-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Has a client of the catalogue, as it is built, play some scenarios, and judges it. */
export function playClient(id: string, only: readonly string[], { timeoutMs = 60_000 } = {}): Promise<Report> {
  const client = fixtureClients.find((each) => each.id === id);
  if (client === undefined) throw new Error(`there is no client ${id}`);
  const program = programOf(client);
  const argv = program.endsWith('.sh') ? ['bash', program] : [process.execPath, program];
  return runConformance({
    driver: new CommandDriver({ argv, useShell: false, environment: process.env }),
    only,
    capabilities: client.capabilities,
    jobs: 1,
    outDir: temporaryFolder(),
    timeoutMs,
  });
}
