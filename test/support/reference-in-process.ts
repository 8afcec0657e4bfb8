import type { ClientFunction } from '../../conformance/driver/function-driver.ts';
import { makeBackup } from '../../fixtures/clients/steps/backup.ts';
import type { Client } from '../../fixtures/clients/steps/client.ts';

let runs = 0;

/** The reference client as a function of this process, but for `changes`. */
export function inProcess(changes: Partial<Client> = {}): ClientFunction {
  return async function reference(told) {
    runs++;
    const owner = `${process.pid}.${runs}`;
    await makeBackup({ ...changes, readRun: () => ({ ...told, owner }) });
  };
}
