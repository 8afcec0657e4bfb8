import * as fs from 'node:fs';
import path from 'node:path';

/** What real servers of the standard edition answered: fixtures/recorded/README.md. */
export const releases = ['4.2.4', '4.5.16', '4.6.11', '2023.2.1'] as const;

export type Release = (typeof releases)[number];

export interface RecordedAnswer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RecordedCall {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly hasAccessControl: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answers: Readonly<Record<Release, RecordedAnswer>>;
}

const folder = path.resolve(import.meta.dirname, '../../../../fixtures/recorded');

export function readRecordedCalls(): RecordedCall[] {
  const lines = fs.readFileSync(path.join(folder, 'answers.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const { accessControl = false, headers = {}, body = '', answers, ...call } = JSON.parse(line) as RecordedLine;
    const entries = answers.flatMap(({ of, ...answer }) => of.map((release) => [release, answer] as const));
    return {
      ...call,
      hasAccessControl: accessControl,
      headers,
      body,
      answers: Object.fromEntries(entries) as RecordedCall['answers'],
    };
  });
}

/** A line of the file: answers that several releases gave stand there once. */
interface RecordedLine {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly accessControl?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly answers: ReadonlyArray<RecordedAnswer & { readonly of: readonly Release[] }>;
}

export interface RecordedListing {
  readonly target: string;
  readonly body: string;
}

/** The listings of 2023.2.1 after two transformations (1: of closed segments; 2: of the open one, too) and a compaction (3). */
export function readTransformedListings(step: 1 | 2 | 3): RecordedListing[] {
  const text = fs.readFileSync(path.join(folder, `2023.2.1-transformed-${step}.txt`), 'utf8');
  return text
    .split('# ')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [target = '', body = ''] = part.trim().split('\n');
      return { target, body };
    });
}
