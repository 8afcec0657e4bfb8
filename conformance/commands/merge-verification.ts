import * as fs from 'node:fs';
import { AxonError, describeSystemFailure } from '../../server/index.ts';
import { mergeParts, missingParts, type NamedPart } from '../oracle/verification/merge-parts.ts';
import { asPart } from '../oracle/verification/verification-part.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { complain } from './complaints.ts';
import { EXIT_KIT_FAILED } from './exit-code.ts';
import { writeText, type ReportFlags } from './report-targets.ts';
import { formatVerificationPage } from './verification-page.ts';
import { EXIT_NOT_JUDGED, exitCodes } from './verified-exit.ts';
import { formatVerification, verdictText } from './verify-text.ts';

/**
 * The files as parts of a verification, of `verify --shard`; null where they are something else. Fails with `bad-option` where
 * some of them are such parts and others are not.
 */
export function readParts(files: readonly string[]): readonly NamedPart[] | null {
  const read = files.map((file) => ({ file, part: asPart(parseOrNull(file)) }));
  const parts = read.flatMap(({ file, part }) => (part === null ? [] : [{ file, part }]));
  if (parts.length === 0) return null;
  const other = read.find(({ part }) => part === null);
  if (other === undefined) return parts;
  throw new AxonError('bad-option', `${other.file} is no part of a verification, and ${parts[0]?.file} is one`);
}

/** Puts the parts together, prints what `verify` prints, and ends as it does; with 2 where a part is missing. */
export async function mergeVerification(parts: readonly NamedPart[], { report, quiet }: ReportFlags): Promise<number> {
  const missing = missingParts(parts);
  if (missing.length > 0) {
    const named = `${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ' and more' : ''}`;
    complain(`of ${parts[0]?.part.shard.count} parts these are missing: ${named}; nothing is judged without them`);
    return EXIT_NOT_JUDGED;
  }
  const verification = await mergeParts(parts);
  const style = createReporterStyle(process.stdout, process.env);
  process.stdout.write(quiet ? `${verdictText(verification)}\n` : formatVerification(verification, style));
  const unwritten = report.flatMap((target) => {
    if (target.kind === 'json')
      return writeText('the json report', target.file, `${JSON.stringify(verification, null, 2)}\n`);
    if (target.kind === 'html') return writeText('the html report', target.file, formatVerificationPage(verification));
    return [`of a verification there are json= and html=, and no ${target.kind}`];
  });
  unwritten.forEach(complain);
  return unwritten.length > 0 ? EXIT_KIT_FAILED : exitCodes[verification.verdict];
}

function parseOrNull(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    // What is no JSON is told by whoever reads it as a report.
    if (error instanceof SyntaxError) return null;
    throw new AxonError('bad-option', `${file}: ${describeSystemFailure(error)}`);
  }
}
