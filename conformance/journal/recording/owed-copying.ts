import type { Answer } from '../evidence.ts';
import type { GrownFile } from './folder-growth.ts';
import type { SourceLook } from './source-reads.ts';

/** What a run was told of, for the time that copying it takes: one answer that names files. */
export interface OwedCopying {
  readonly ordinal: number;
  readonly node: string;
  readonly kind: 'control-db-backup' | 'log' | 'segments';
  /** What it is a listing of: asked again, it is the same to the letter. */
  readonly subject: string;
  /** Names of folders that its copies may lie in: node, group or context. */
  readonly folderNames: readonly string[];
  /** Names of files of which no copy was seen yet, each with its size. */
  readonly unseen: Map<string, number>;
  readonly sources: readonly SourceLook[];
  /** Virtual milliseconds of its own doing that the run had taken when it was answered. */
  readonly spentMs: number;
  bytes: number;
  isCharged: boolean;
}

/** Null for an answer that names no files. */
export function owedFor(
  answer: Answer,
  facts: Pick<OwedCopying, 'ordinal' | 'node' | 'sources' | 'spentMs'>,
): OwedCopying | null {
  const files = filesOf(answer);
  if (files === null) return null;
  const unseen = new Map(files.flatMap(({ name, sizeBytes }) => (sizeBytes === null ? [] : [[name, sizeBytes]])));
  // A file that is listed under two spellings is two to whoever copies what is listed.
  const bytes = files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
  return { ...facts, ...aboutOf(answer, facts.node), unseen, bytes, isCharged: false };
}

/**
 * For each file of the client's that by its name is a copy of a listed one, the answer that it is copied from; null for
 * files that bear no such name, as archives do. Copies whose names are those of other files are left out.
 *
 * Files of several logs, or contexts, have the same names: the one counts after which a folder is named that the copy lies
 * in, then one that is being copied already, then the first that was listed.
 */
export function attribute(
  grown: readonly GrownFile[],
  all: readonly OwedCopying[],
): Map<GrownFile, OwedCopying | null> {
  const owners = new Map<GrownFile, OwedCopying | null>();
  for (const file of grown) {
    const name = copiedNameOf(file.name);
    if (name === null) {
      owners.set(file, null);
      continue;
    }
    const owner = ownerOf(file, name, all);
    if (owner === null) continue;
    owner.unseen.delete(name);
    owners.set(file, owner);
  }
  return owners;
}

/** What a file is a copy of, by what stands in its name: `.00000000000000000000.events.part` → `00000000000000000000.events`. */
export function copiedNameOf(name: string): string | null {
  return /\d{20}(?:_\d{5})?\.[A-Za-z]+|controldb\d+\.zip/.exec(name)?.[0] ?? null;
}

function ownerOf(file: GrownFile, name: string, all: readonly OwedCopying[]): OwedCopying | null {
  const fits = ({ folderNames }: OwedCopying): number =>
    folderNames.filter((each) => file.within.some((folder) => folder === each || folder === encodeURIComponent(each)))
      .length;
  const candidates = all.filter(({ unseen }) => unseen.has(name));
  const ranked = candidates.toSorted(
    (a, b) => fits(b) - fits(a) || Number(b.isCharged) - Number(a.isCharged) || a.ordinal - b.ordinal,
  );
  return ranked[0] ?? null;
}

function filesOf(answer: Answer): ReadonlyArray<{ readonly name: string; readonly sizeBytes: number | null }> | null {
  switch (answer.kind) {
    case 'control-db-backup':
      return [answer.file];
    case 'log':
    case 'segments':
      return answer.files;
    default:
      return null;
  }
}

function aboutOf(answer: Answer, node: string): Pick<OwedCopying, 'kind' | 'subject' | 'folderNames'> {
  switch (answer.kind) {
    case 'log':
      return { kind: 'log', subject: `${node} log ${answer.group}`, folderNames: [node, answer.group] };
    case 'segments': {
      const { type, context } = answer;
      return { kind: 'segments', subject: `${node} ${type} ${context}`, folderNames: [node, context] };
    }
    default:
      return { kind: 'control-db-backup', subject: `${node} control database`, folderNames: [node] };
  }
}
