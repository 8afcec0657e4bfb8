/** What the system calls a failure, `ENOENT` for one; of a failure without such a code its text. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
