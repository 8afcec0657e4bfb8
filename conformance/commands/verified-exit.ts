import { AxonError } from '../../server/index.ts';
import type { BackupVerification } from '../oracle/verification/verification.ts';
import { complain } from './complaints.ts';

/** Contract, section 4: what `verify` and `restore` end with. */
export const exitCodes: Readonly<Record<BackupVerification['verdict'], number>> = {
  consistent: 0,
  inconsistent: 1,
  'nothing-to-verify': 2,
};

/** Nothing was found out. */
export const EXIT_NOT_JUDGED = 2;

/** What the work comes to; null, with a line, where the backup was not read within the time. */
export async function unlessTimeOver<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AxonError && error.kind === 'time-over')) throw error;
    complain(error.message);
    return null;
  }
}
