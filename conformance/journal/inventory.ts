import type { EventType } from '../../server/index.ts';

/** What a file of a backup is, by its name and its bytes. */
export type BackupFileKind =
  | { readonly kind: 'segment'; readonly type: EventType; readonly context: string | null; readonly segment: bigint }
  | {
      readonly kind: 'index';
      readonly type: EventType;
      readonly context: string | null;
      readonly segment: bigint;
      /** `.index`, `.bloom`, `.sindex`, `.sbloom`, or what else stands beside a segment. */
      readonly suffix: string;
    }
  | { readonly kind: 'log'; readonly group: string | null; readonly firstIndex: number }
  /** Of a closed log segment, up to 4.5.17: it may have the name of an event segment's index, and is none. */
  | { readonly kind: 'log-index' }
  /** A zip as POST createControlDbBackup makes it. */
  | { readonly kind: 'control-db-zip' }
  /** A live database file, or something that claims to be a control database and is none. */
  | { readonly kind: 'control-db-live' }
  | { readonly kind: 'other' };

/** One file of a backup; files in archives are files like others. */
export interface BackupFile {
  /** Relative to the backup folder, with `/`; in an archive `archive.tar!path/in/it`. */
  readonly path: string;
  readonly name: string;
  /** The folder or archive that holds it: a log is replaced as a whole within one. */
  readonly container: string;
  readonly sizeBytes: number;
  /** SHA-256 in hex. */
  readonly checksum: string;
  /** A link to a file of the live server is no copy. */
  readonly link: 'none' | 'symbolic' | 'hard';
  /** The run that last wrote it, as far as the folder tells; 0 for what was there before the first. */
  readonly writtenInRun: number;
  /** Order among copies of one thing: the higher, the newer. */
  readonly recency: number;
  readonly what: BackupFileKind;
  /** Of a large segment without most of the zeros at its end: `sizeBytes` has its length. */
  readonly readBytes: () => Buffer;
}

/** A link of the backup folder that leads out of it. Nothing is read through one. */
export interface LinkOut {
  /** Relative to the backup folder, with `/`; `.` for the folder itself. */
  readonly path: string;
  /** Where it leads: into the live server's folders, to a folder that has those in it, or somewhere else. */
  readonly leadsTo: 'server' | 'above-server' | 'elsewhere';
  /** What it leads to, or is: another directory under a second name is a folder mounted there. */
  readonly what: 'file' | 'folder' | 'mounted-folder' | 'nothing';
}

/** A backup folder at one moment. */
export interface BackupInventory {
  readonly files: readonly BackupFile[];
  /** Archives and files that could not be read, each with the reason. */
  readonly unreadable: readonly string[];
  /** Copies of what belongs to contexts with a dynamic consistency boundary: no stores of segments, whatever they are called. */
  readonly ofDcb?: readonly BackupFile[];
  /** Folders, archives and files that are marked as unfinished, with the number of files in each; absent where nobody looked. */
  readonly unfinished?: ReadonlyMap<string, number>;
  /** Links out of it; absent where nobody looked for them. */
  readonly linksOut?: readonly LinkOut[];
  /** What stands in place of the folder, such as `a pipe`, where that is neither a folder nor a link; else absent. */
  readonly replacedBy?: string;
}

/** A folder with nothing in it. */
export const emptyInventory: BackupInventory = { files: [], unreadable: [] };
