/** One line on stderr, which nobody parses. */
export function complain(text: string): void {
  process.stderr.write(`axon-backup-kit: ${text.replaceAll('\n', ' ')}\n`);
}

/** What could not be cleared away, in a line. */
export function describeLeftBehind([first = '', ...others]: readonly string[]): string {
  return `not cleared away: ${first}${others.length === 0 ? '' : ` (and ${others.length} more)`}`;
}
