import { spawnSync } from 'node:child_process';
import { thisOwner, type Owner } from '../../folders/owner.ts';

/** A process of this machine that has run, and has ended. */
export function endedProcess(): Owner {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return { ...thisOwner(), pid };
}
