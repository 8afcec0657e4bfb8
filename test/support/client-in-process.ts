import * as fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ClientDriver } from '../../conformance/driver/client-driver.ts';
import { FunctionDriver, type ClientFunction } from '../../conformance/driver/function-driver.ts';
import { scenarios } from '../../conformance/scenarios/catalog.ts';
import type { Scenario } from '../../conformance/scenarios/scenario.ts';
import type { FixtureClient } from '../../fixtures/clients/catalog.ts';
import { driverOf, fixtureClient } from './fixture-client.ts';

/** Also where this file itself is built, in dist/. */
const projectFolder = path.resolve(import.meta.dirname, '../..', import.meta.url.includes('/dist/test/') ? '..' : '.');
const builtSteps = path.join(projectFolder, 'dist/fixtures/clients/steps/run.js');

/** What needs a process that is the client's own: to end it, to print, to hang, to go where its variables lead. */
const OF_ITS_OWN = /\b(?:process|console|os)\.|\bset(?:Immediate|Interval)\(|\bfor \(;;\)/;

/** Real milliseconds. */
const PATIENCE_MS = 100_000;

let runs = 0;

/**
 * A client of fixtures/, as it is built, as a function of this process: its module is loaded anew for each run, as a process
 * would, and a run takes a tenth of the time of one. Null for a client that needs a process of its own.
 */
export function clientInProcess(client: FixtureClient): ClientFunction | null {
  if (!isMadeOfSteps(client)) return null;
  return async function fixture(told) {
    const { toldHere } = (await import(builtSteps)) as typeof import('../../fixtures/clients/steps/run.ts');
    const run = ++runs;
    const module = pathToFileURL(path.join(projectFolder, 'dist', client.file));
    module.search = `?run=${run}`;
    await toldHere.run({ ...told, owner: `${process.pid}.${run}` }, () => import(module.href));
  };
}

/** The same to play a scenario; null, too, for one that kills the client, limits its files, or starts another beside it. */
export function driverInProcess(client: FixtureClient, scenario: Scenario): ClientDriver | null {
  const here = isCutShort(scenario) ? null : clientInProcess(client);
  return here === null ? null : patiently(new FunctionDriver(here));
}

/** The same with more time for a run than any takes on a machine that has other work to do: for who hangs in no case. */
export function patiently(driver: ClientDriver): ClientDriver {
  return { argv: driver.argv, run: (invocation) => driver.run({ ...invocation, timeoutMs: PATIENCE_MS }) };
}

/** A client of fixtures/ for these scenarios: in this process where that is the same in each of them, else as a command. */
export function driverToPlay(id: string, only: readonly string[]): ClientDriver {
  const chosen = only.map((each) => scenarios.find((scenario) => scenario.id === each));
  const drivers = chosen.map((each) => (each === undefined ? null : driverInProcess(fixtureClient(id), each)));
  return drivers.includes(null) ? driverOf(id) : (drivers[0] ?? driverOf(id));
}

function isMadeOfSteps({ file }: FixtureClient): boolean {
  if (!file.endsWith('.js')) return false;
  const source = fs.readFileSync(path.join(projectFolder, file.replace(/\.js$/, '.ts')), 'utf8');
  return source.includes("/steps/backup.ts'") && !OF_ITS_OWN.test(source);
}

/** Whether a run of a scenario is killed, has its files limited, or another one beside it: what processes alone can have. */
export function isCutShort({ steps }: Scenario): boolean {
  return /"(?:kill-client|run-beside|fileLimitBytes)"/.test(JSON.stringify(steps));
}
