import * as fs from 'node:fs';
import { AxonError, describeSystemFailure } from '../../server/index.ts';
import { parseJsonReport } from '../reporters/parse-json.ts';
import type { Report } from '../verdict/report.ts';

/** A JSON report from a file. Fails with `bad-option`, in one line that names the file, and the option where there is one. */
export function readReport(file: string, option: string | null): Report {
  const name = option === null ? file : `${option} ${file}`;
  try {
    return parseJsonReport(fs.readFileSync(file, 'utf8'), name);
  } catch (error) {
    if (error instanceof AxonError) throw error;
    throw new AxonError('bad-option', `${name}: ${describeSystemFailure(error)}`);
  }
}
