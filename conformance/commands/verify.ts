import { InvalidArgumentError, Option, type Command } from 'commander';
import { AxonError } from '../../server/index.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { verifyBackup } from '../oracle/verification/verify-backup.ts';
import { STANDARD_INPUT, verifyStream } from '../oracle/verification/verify-stream.ts';
import { verifyPart } from '../oracle/verification/verify-part.ts';
import type { Shard } from '../verdict/report.ts';
import { complain } from './complaints.ts';
import { EXIT_KIT_FAILED, type ExitWith } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import { parseCount, parseShard } from './option-values.ts';
import { requireWritable } from './output-files.ts';
import { ProgressLine } from './progress-line.ts';
import { showReading } from './reading-line.ts';
import { writeText } from './report-targets.ts';
import { formatVerificationPage } from './verification-page.ts';
import { exitCodeOfPart, formatPart } from './verify-shard.ts';
import { formatVerification } from './verify-text.ts';
import { EXIT_NOT_JUDGED, exitCodes, unlessTimeOver } from './verified-exit.ts';

interface VerifyFlags {
  readonly json: boolean;
  readonly quick: boolean;
  readonly jobs?: number;
  readonly shard?: Shard;
  /** The file of the page. */
  readonly report?: string;
}

const examples = `
Examples:
  $ axon-backup-kit verify ./backup
      a folder, in any layout: plain trees, dated folders, archives

  $ axon-backup-kit verify backup.tar.gz --json
      one archive; everything that was found, as JSON on stdout

  $ axon-backup-kit verify ./backup --report html=verified.html
      the same as a page, for whoever has to sign it off

  $ axon-backup-kit verify /backups/last --quick
      every night: names, sizes, ends and gaps, the database; no checksums

  $ aws s3 cp s3://backups/last.tar.gz - | axon-backup-kit verify -
      a tar or tar.gz as it comes, in constant memory

  $ axon-backup-kit verify /backups/last --shard 3/8 --json > part-3.json
      one of eight machines; then: merge part-*.json

Exit codes: 0 consistent; 1 not; 2 nothing to verify, or not within the time; 64 usage; 70 the disk refused.`;

/** `verify`: looks at a finished backup, prints what it found, and says so by its exit code. */
export function addVerifyCommand(program: Command, exitWith: ExitWith): void {
  program
    .command('verify')
    .description('judge a finished backup, offline; of a real Axon Server, too')
    .argument('<dir|archive>', 'the backup: a folder, or a zip, tar, tar.gz or gz; - for a tar on stdin')
    .option('--json', 'print JSON', false)
    .option('--quick', 'leave checksums out, and what else takes a look at every byte', false)
    .option('--jobs <n>', 'large segments side by side (default: the number of processors)', parseCount)
    .addOption(
      new Option('--shard <i/n>', 'read the i-th of n parts of the segments; merge puts the JSON of all together')
        .argParser(parseShard)
        .conflicts('report'),
    )
    .option('--report <kind=file>', 'html=: a page with the answer, problems and tables', parseReport)
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .action((file: string, flags: VerifyFlags) => untilInterrupted((signal) => verify(file, flags, signal), exitWith));
}

function parseReport(value: string): string {
  const [, file] = /^html=(.+)$/.exec(value) ?? [];
  if (file === undefined) throw new InvalidArgumentError('Write html=FILE.');
  return file;
}

async function verify(
  file: string,
  { json, report, quick, jobs, shard }: VerifyFlags,
  signal: AbortSignal,
): Promise<number> {
  if (report !== undefined) requireWritable([{ option: '--report html', file: report }]);
  const line = new ProgressLine(process.stderr);
  const options = {
    signal,
    isQuick: quick,
    ...(jobs === undefined ? {} : { jobs }),
    onProgress: showReading(line, () => performance.now()),
  };
  if (shard !== undefined && file === STANDARD_INPUT) {
    throw new AxonError('bad-option', '--shard: what comes over standard input comes once, and is not divided');
  }
  if (shard !== undefined) {
    const part = await unlessTimeOver(verifyPart(file, shard, options)).finally(() => line.clear());
    if (part === null) return EXIT_NOT_JUDGED;
    process.stdout.write(json ? `${JSON.stringify(part)}\n` : formatPart(part));
    return exitCodeOfPart(part);
  }
  const isStream = file === STANDARD_INPUT;
  const verified = isStream ? verifyStream(process.stdin, options) : verifyBackup(file, options);
  const verification = await unlessTimeOver(verified).finally(() => line.clear());
  if (verification === null) return EXIT_NOT_JUDGED;
  const style = createReporterStyle(process.stdout, process.env);
  process.stdout.write(json ? `${JSON.stringify(verification, null, 2)}\n` : formatVerification(verification, style));
  const unwritten =
    report === undefined ? [] : writeText('the html report', report, formatVerificationPage(verification));
  unwritten.forEach(complain);
  return unwritten.length > 0 ? EXIT_KIT_FAILED : exitCodes[verification.verdict];
}
