import { runConformance } from '../../conformance/check/run-conformance.ts';
import type { Report } from '../../conformance/verdict/report.ts';
import { driverToPlay } from './client-in-process.ts';
import { fixtureClient } from './fixture-client.ts';

/** Has a client of the catalogue, as it is built, play some scenarios, and judges it; in this process where it can. */
export function playClient(id: string, only: readonly string[]): Promise<Report> {
  const { capabilities } = fixtureClient(id);
  return runConformance({ driver: driverToPlay(id, only), only, capabilities, jobs: 1, keepsFailures: false });
}
