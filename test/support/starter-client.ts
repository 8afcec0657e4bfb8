import path from 'node:path';
import { CommandDriver } from '../../conformance/driver/command-driver.ts';

/** The client of the README, as `init` writes it. */
export const starterScript = path.resolve(import.meta.dirname, '../../conformance/starter/backup.sh');

/** The same, as a check runs it. */
export function starterDriver(): CommandDriver {
  return new CommandDriver({ argv: ['bash', starterScript], useShell: false, environment: process.env });
}
