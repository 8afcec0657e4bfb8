import { formatVerification } from '../../conformance/commands/verify-text.ts';
import type { BackupVerification } from '../../conformance/oracle/verification/verification.ts';
import { verifyBackup } from '../../conformance/oracle/verification/verify-backup.ts';
import { createReporterStyle } from '../../conformance/reporters/style.ts';

/** What `verify` does, with and without `--json`, but for the printing. */
export async function readAsVerifyDoes(path: string): Promise<BackupVerification> {
  const verification = await verifyBackup(path);
  formatVerification(verification, createReporterStyle({ isTTY: false }, {}));
  JSON.stringify(verification, null, 2);
  return verification;
}
