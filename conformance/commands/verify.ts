import type { Command } from 'commander';
import { AxonError } from '../../server/index.ts';
import { createReporterStyle } from '../reporters/style.ts';
import type { BackupVerification } from '../oracle/verification.ts';
import { verifyBackup } from '../oracle/verify-backup.ts';
import { complain } from './complaints.ts';
import type { ExitWith } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import { formatVerification } from './verify-text.ts';

interface VerifyFlags {
  readonly json: boolean;
}

/** Contract, section 4, "verify". */
const exitCodes: Readonly<Record<BackupVerification['verdict'], number>> = {
  consistent: 0,
  inconsistent: 1,
  'nothing-to-verify': 2,
};

/** Nothing was found out. */
const EXIT_NOT_JUDGED = 2;

const examples = `
Examples:
  $ axon-backup-kit verify ./backup
      a folder, in any layout: plain trees, dated folders, archives

  $ axon-backup-kit verify backup.tar.gz --json
      one archive; everything that was found, as JSON on stdout

Exit codes: 0 consistent; 1 not; 2 nothing to verify, or not within the time; 64 usage.`;

/** `verify`: looks at a finished backup, prints what it found, and says so by its exit code. */
export function addVerifyCommand(program: Command, exitWith: ExitWith): void {
  program
    .command('verify')
    .description('judge a finished backup, offline; of a real Axon Server, too')
    .argument('<dir|archive>', 'the backup: a folder, or a zip, tar, tar.gz or gz')
    .option('--json', 'print JSON', false)
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .action((file: string, flags: VerifyFlags) => untilInterrupted((signal) => verify(file, flags, signal), exitWith));
}

async function verify(file: string, { json }: VerifyFlags, signal: AbortSignal): Promise<number> {
  const verification = await verifyBackup(file, { signal }).catch((error: unknown) => {
    if (!(error instanceof AxonError && error.kind === 'time-over')) throw error;
    complain(error.message);
    return null;
  });
  if (verification === null) return EXIT_NOT_JUDGED;
  const style = createReporterStyle(process.stdout, process.env);
  process.stdout.write(json ? `${JSON.stringify(verification, null, 2)}\n` : formatVerification(verification, style));
  return exitCodes[verification.verdict];
}
