import { printable } from '../verdict/printable.ts';

export { printable };

/** A message that may have lines of its own, such as a stack trace. */
export function messageLines(message: string): string[] {
  return message.split(/\r?\n/).map(printable);
}
