import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError } from '../../server/index.ts';
import { systemCodeOf } from '../journal/system-code.ts';
import { layFile } from '../oracle/boot/lay-file.ts';
import { strayNameIn } from '../oracle/boot/laid-files.ts';
import { RESTORE_RECORD_NAME, type RestoreRecord } from '../oracle/backup/restore-record.ts';
import type { BackupVerification } from '../oracle/verification/verification.ts';
import { verifyAndSelect, type VerifiedSelection } from '../oracle/verification/verify-backup.ts';
import { findDestination, openStaging, settle, type Destination } from './destination.ts';
import { requireRoom } from './room.ts';
import { planRestore, type Layout, type LeftOut, type RestorePlan } from './restore-plan.ts';

export interface RestoreOptions {
  /** The folder of the node: not there yet, or empty. */
  readonly to: string;
  readonly layout: Layout;
  /** Of a backup of several nodes, each in a folder of its own: whose; null for whichever is newest. */
  readonly node: string | null;
  /** Lays down what is not consistent, too. */
  readonly isForced: boolean;
  /** Says what would go where, and writes nothing. */
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
  /** Told, while the backup is verified, of bytes read so far, and of all. */
  readonly onReading?: (doneBytes: number, allBytes: number) => void;
  /** Told of bytes laid out so far, and of all. */
  readonly onProgress?: (doneBytes: number, allBytes: number) => void;
}

/** What went where, as JSON shows it. */
export interface RestoreResult {
  readonly schemaVersion: 1;
  readonly path: string;
  readonly to: string;
  readonly layout: Layout;
  /** Nothing was written: it was asked for, or the backup is not consistent. */
  readonly isWritten: boolean;
  readonly verdict: BackupVerification['verdict'];
  readonly problems: BackupVerification['problems'];
  /** Why these files and no others; a sentence. */
  readonly why: string;
  readonly database: { readonly from: string; readonly to: string; readonly sizeBytes: number } | null;
  readonly files: ReadonlyArray<{ readonly from: string; readonly to: string; readonly sizeBytes: number }>;
  readonly leftOut: readonly LeftOut[];
}

/**
 * Lays the newest whole backup of a folder or archive out as the files of a node: what a check restores is chosen and laid by
 * the same code. All of it is there in the end, or nothing: it is made beside `to`, or in it where it is there, and renamed. Fails with `bad-option` where
 * `to` holds something or cannot be written, where there is no room, or no such node; `data-file-write` where the disk refuses; `interrupted`.
 */
export async function restoreBackup(file: string, options: RestoreOptions): Promise<RestoreResult> {
  const { to, layout, node, isForced, isDryRun, signal } = options;
  const destination = findDestination(to);
  const verified = await verifyAndSelect(file, {
    signal,
    ...(node === null ? {} : { node }),
    ...(options.onReading === undefined ? {} : { onProgress: options.onReading }),
  });
  requireNames(verified);
  if (node !== null) requireMember(verified, node);
  const plan = planRestore(verified, layout);
  const { verdict, problems } = verified.verification;
  const isRefused = verdict === 'nothing-to-verify' || (verdict === 'inconsistent' && !isForced);
  const isWritten = !isDryRun && !isRefused;
  if (!isRefused) requireRoom(destination.folder, plan);
  if (isWritten) await layDown(plan, recordOf(plan, verified.selected.why), destination, options);
  return {
    schemaVersion: 1,
    path: file,
    to,
    layout,
    isWritten,
    verdict,
    problems,
    why: verified.selected.why,
    database:
      plan.database === null
        ? null
        : { from: plan.database.from, to: plan.database.to, sizeBytes: plan.database.image.length },
    files: plan.files.map((laid) => ({ from: laid.file.path, to: laid.to, sizeBytes: laid.file.sizeBytes })),
    leftOut: plan.leftOut,
  };
}

/** They come out of a stranger's files, and become folders. */
function requireNames({ selected }: VerifiedSelection): void {
  const stray = strayNameIn([
    ...selected.stores.filter(({ segments }) => segments.length > 0).map(({ context }) => context),
    ...selected.logs.filter(({ segments }) => segments.length > 0).map(({ group }) => group),
  ]);
  if (stray !== null)
    throw new AxonError('bad-option', `the backup names a context or group "${stray}", which no folder can be called`);
}

/** The names are there where the control database tells them. */
function requireMember({ controlDb }: VerifiedSelection, node: string): void {
  const names = new Set(controlDb?.groups.flatMap(({ members }) => members.flatMap(({ nodeName }) => nodeName ?? [])));
  if (names.size === 0 || names.has(node)) return;
  throw new AxonError('bad-option', `--node: the control database knows no ${node}, but ${[...names].join(', ')}`);
}

function recordOf({ database }: RestorePlan, why: string): RestoreRecord {
  if (database === null) return { schemaVersion: 1, why, database };
  const sha256 = createHash('sha256').update(database.image).digest('hex');
  return { schemaVersion: 1, why, database: { from: database.from, path: database.to, sha256 } };
}

async function layDown(
  { files, database }: RestorePlan,
  record: RestoreRecord,
  destination: Destination,
  { signal, onProgress }: RestoreOptions,
): Promise<void> {
  const allBytes = files.reduce((sum, { file }) => sum + file.sizeBytes, 0);
  let staging: string | null = null;
  try {
    staging = openStaging(destination);
    let doneBytes = 0;
    if (database !== null) {
      const place = path.join(staging, database.to);
      fs.mkdirSync(path.dirname(place), { recursive: true });
      fs.writeFileSync(place, database.image);
    }
    for (const { to, file } of files) {
      for (const bytes of layFile(path.join(staging, to), file)) {
        doneBytes += bytes;
        onProgress?.(doneBytes, allBytes);
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted)
          throw new AxonError('interrupted', 'the restore was interrupted, and nothing is left of it');
      }
    }
    fs.writeFileSync(path.join(staging, RESTORE_RECORD_NAME), `${JSON.stringify(record, null, 2)}\n`);
    settle(staging, destination);
  } catch (error) {
    if (staging !== null) fs.rmSync(staging, { recursive: true, force: true });
    if (error instanceof AxonError) throw error;
    throw new AxonError(
      'data-file-write',
      `${destination.target} cannot be written (${systemCodeOf(error)}); nothing is left of it`,
      { cause: error },
    );
  }
}
