/**
 * Every failure that a client, a user or the files on disk can provoke, in one table. What cannot happen is an
 * assertion, not an AxonError. Codes and statuses: docs/backup-endpoints.md, section 1.6; codes of our own (the
 * control API has no counterpart in the real server) carry no AXONIQ number.
 */
const failures = {
  other: { code: 'AXONIQ-0001', status: 500 },
  'context-not-found': { code: 'AXONIQ-1302', status: 404 },
  'transaction-too-large': { code: 'AXONIQ-2001', status: 400 },
  'too-many-events': { code: 'AXONIQ-2002', status: 400 },
  'event-store-mismatch': { code: 'AXONIQ-2200', status: 500 },
  'replication-group-not-found': { code: 'AXONIQ-2108', status: 404 },
  'no-event-store': { code: 'AXONIQ-6000', status: 503 },
  'data-file-read': { code: 'AXONIQ-9000', status: 500 },
  'data-file-write': { code: 'AXONIQ-9100', status: 500 },
  'directory-create': { code: 'AXONIQ-9102', status: 500 },
  'validation-failed': { code: 'AXONIQ-9200', status: 500 },
  'storage-start-failed': { code: null, status: 500 },
  'control-db-unreadable': { code: null, status: 500 },
  'data-folder-unusable': { code: null, status: 500 },
  'port-in-use': { code: null, status: 500 },
  'restore-command-failed': { code: null, status: 500 },
  'demonstration-failed': { code: null, status: 500 },
  interrupted: { code: null, status: 503 },
  'time-over': { code: null, status: 503 },
  'too-large': { code: null, status: 413 },
  'step-refused': { code: null, status: 409 },
  'bad-option': { code: null, status: 400 },
  'bad-request': { code: null, status: 400 },
  'unknown-log': { code: null, status: 500 },
  'unknown-node': { code: null, status: 404 },
  'no-leader': { code: null, status: 503 },
  conflict: { code: null, status: 409 },
  busy: { code: null, status: 503 },
  'disk-limit': { code: null, status: 507 },
  'backup-refused': { code: null, status: 400 },
  'backup-not-found': { code: null, status: 404 },
  'disk-full': { code: null, status: 507 },
} as const satisfies Record<string, { code: string | null; status: number }>;

export type FailureKind = keyof typeof failures;

/** A failure with the server's code and HTTP status; the message says what to do where there is something to do. */
export class AxonError extends Error {
  readonly kind: FailureKind;
  /** `AXONIQ-nnnn`, or null where the real server has no code for it. */
  readonly code: string | null;
  /** HTTP status with which the failure is answered. */
  readonly status: number;

  constructor(kind: FailureKind, text: string, options?: { readonly cause?: unknown }) {
    const { code, status } = failures[kind];
    super(code === null ? text : `[${code}] ${text}`, options);
    this.name = 'AxonError';
    this.kind = kind;
    this.code = code;
    this.status = status;
  }
}

const systemFailures: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EEXIST: 'there is something else of that name',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full, as far as this user may fill it',
};

/** Codes of what the machine refuses: no room, no permission, too many open files. */
export const knownSystemFailures: ReadonlySet<string | undefined> = new Set([
  ...Object.keys(systemFailures),
  'EIO',
  'EMFILE',
  'ENFILE',
]);

/** What the system said to reading or writing a file, in words: `there is no such file`; of what has none its own text. */
export function describeSystemFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return systemFailures[code] ?? (error instanceof Error ? error.message : String(error));
}

/** Whether the system had no room left, a full disk or all that this user may have of it, however far behind the failure. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : null;
  return code === 'ENOSPC' || code === 'EDQUOT' || isDiskFull(error.cause);
}
