import type { Answer, Evidence, ListedFile } from '../journal/evidence.ts';

/** Files that answers named and that were not found here: the server has them, for all that is known. */
export function unseenFilesIn({ runs }: Evidence): readonly ListedFile[] {
  return runs.flatMap(({ requests }) => requests.flatMap(({ answer }) => filesOf(answer).filter(isUnseen)));
}

/** The evidence with such files taken for files that are there, of which no copy could be compared with them. */
export function takenForThere(evidence: Evidence): Evidence {
  const runs = evidence.runs.map((run) => ({
    ...run,
    requests: run.requests.map((request) => ({ ...request, answer: withFilesThere(request.answer) })),
  }));
  return { ...evidence, runs };
}

function withFilesThere(answer: Answer): Answer {
  switch (answer.kind) {
    case 'control-db-backup':
      return { ...answer, file: asThere(answer.file) };
    case 'segments':
    case 'log':
      return { ...answer, files: answer.files.map(asThere) };
    default:
      return answer;
  }
}

function asThere(file: ListedFile): ListedFile {
  if (!isUnseen(file)) return file;
  const { path, name, isOpen } = file;
  return { path, name, isOpen, sizeBytes: 0, modifiedAtMs: 0, checksum: `not seen: ${path}` };
}

function filesOf(answer: Answer): readonly ListedFile[] {
  if (answer.kind === 'control-db-backup') return [answer.file];
  return answer.kind === 'segments' || answer.kind === 'log' ? answer.files : [];
}

/** By its size: the bytes of a large one are not read for this. */
function isUnseen({ sizeBytes }: ListedFile): boolean {
  return sizeBytes === null;
}
