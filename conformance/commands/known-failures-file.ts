import * as fs from 'node:fs';
import { AxonError, describeSystemFailure } from '../../server/index.ts';
import { parseExpectedFailures } from '../verdict/expected-failures.ts';

/** The lines of the list of known failures in a file; none where there is no file. Fails with `bad-option` where it cannot be read. */
export function readKnownFailures(file: string | undefined): string[] {
  if (file === undefined) return [];
  try {
    return parseExpectedFailures(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new AxonError('bad-option', `--expected-failures ${file}: ${describeSystemFailure(error)}`);
  }
}

/** By UTC, as a list of known failures has its dates. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
