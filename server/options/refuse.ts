import { AxonError } from '../errors.ts';
import { describeOptionFault, type OptionFault } from './option-fault.ts';

/* Each fails with `bad-option`, in one line that says what is wanted. */

export function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new AxonError('bad-option', `${name} ${value}: a whole number from ${least} to ${most} is wanted`);
}

export function requireAmount(name: string, value: number, most: number): void {
  if (Number.isFinite(value) && value >= 0 && value <= most) return;
  throw new AxonError('bad-option', `${name} ${value}: a number from 0 to ${most} is wanted`);
}

export function refuseText(fault: string | null): void {
  if (fault !== null) throw new AxonError('bad-option', fault);
}

export function refuse(fault: OptionFault | null): void {
  if (fault !== null) throw new AxonError('bad-option', describeOptionFault(fault));
}
