import { count } from '../reporters/layout.ts';
import { printable } from '../reporters/printable.ts';
import type { VerificationPart } from '../oracle/verification/verification-part.ts';

/** A part of a verification as people read it: merge has the rest to say. */
export function formatPart({ shard, read, problems, isQuick }: VerificationPart): string {
  const mebibytes = Math.ceil(read.bytes / 1024 ** 2).toLocaleString('en-US');
  const lines = [
    `Part ${shard.index} of ${shard.count}${isQuick ? ', a quick look' : ''}: ${count(read.files, 'file')}, ${mebibytes} MiB`,
    ...problems.map(({ kind, where, message }) => `  ${kind}  ${where}: ${message}`),
    problems.length === 0
      ? 'Nothing wrong with these by themselves. Whether all fits together is for merge, of the JSON of all parts.'
      : 'NOT CONSISTENT',
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

/** 1 where something is wrong with its own files, 2 where it has none. */
export function exitCodeOfPart({ read, problems }: VerificationPart): number {
  return problems.length > 0 ? 1 : read.files === 0 ? 2 : 0;
}
