import { sourcedVersions, type SourcedVersion } from '../../../../server/versions/behaviour-row.ts';

/* The words in which the table of expectations is written. What is expected is in the files of the single themes. */

/** A call, and what each version answers. */
export interface Row {
  readonly name: string;
  /** Method and target. */
  readonly call: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly answers: Answers;
  /** Where docs/ says so. `endpoints` is the one about the endpoints, `segments` that about event segments. */
  readonly source: string;
}

/** `open` where docs/ does not know either: whatever comes is right. */
export type Answers = Readonly<Record<SourcedVersion, Answer | 'open'>>;

export interface Answer {
  readonly status: number;
  /** The whole value, or the media type alone where it ends in `;…`. Anything where it is left out. */
  readonly contentType?: string;
  /** Names in small letters; null for a header that must not be there. */
  readonly headers?: Readonly<Record<string, string | RegExp | null>>;
  /** Methods in the header Allow. HEAD goes with GET, said or not. */
  readonly allow?: readonly string[];
  /** Anything where it is left out. */
  readonly body?: Body;
}

/** File names are written as in {@link files}. */
export type Body =
  | { readonly text: string }
  | { readonly textLike: RegExp }
  | { readonly names: readonly string[] }
  | { readonly namesInAnyOrder: readonly string[] }
  | { readonly eventStore: { readonly lastClosedSegment: number; readonly filenames: readonly string[] } }
  | { readonly error: FrameworkErrorBody }
  | { readonly like: unknown };

export interface FrameworkErrorBody {
  readonly status: number;
  readonly error: string;
  /** Any text where it is left out, as long as the version has messages at all. */
  readonly message?: string | RegExp;
  readonly path: string;
  /** All members in order; null where only these must be there: timestamp, status, error and path. */
  readonly members: readonly string[] | null;
  readonly asVersion?: RegExp;
}

export const jsonTypes: Readonly<Record<SourcedVersion, string>> = {
  documented: 'application/json',
  '4.2': 'application/json;charset=UTF-8',
  '4.5': 'application/json',
  '4.6': 'application/json',
  '2023.2': 'application/json',
};

/** JSON where a page was to be: the framework had said charset and language before it found none. */
export const halfPage = {
  contentType: 'application/json;charset=UTF-8',
  headers: { 'content-language': 'en', 'axoniq-errorcode': null },
} as const;

/** The same in every version, or what the version makes of it. */
export function everywhere(answer: Answer | ((version: SourcedVersion) => Answer)): Record<SourcedVersion, Answer> {
  const entries = sourcedVersions.map((version) => [version, typeof answer === 'function' ? answer(version) : answer]);
  return Object.fromEntries(entries) as Record<SourcedVersion, Answer>;
}

/**
 * Absolute names of files in a folder. The folder is a placeholder; a number in front of a suffix stands for its twenty
 * digits.
 */
export function files(folder: string, names: string): string[] {
  return names
    .split(' ')
    .map((name) => `${folder}/${name.replace(/^\d+(?=\.)/, (digits) => digits.padStart(20, '0'))}`);
}

/** A list of names, in this order. */
export function list(version: SourcedVersion, names: readonly string[]): Answer {
  return { status: 200, contentType: jsonTypes[version], body: { names } };
}

export const emptyList = everywhere((version) => list(version, []));

/** The answer of /eventstore. */
export function eventStore(
  version: SourcedVersion,
  lastClosedSegment: number,
  ...filenames: ReadonlyArray<readonly string[]>
): Answer {
  const body = { eventStore: { lastClosedSegment, filenames: filenames.flat() } };
  return { status: 200, contentType: jsonTypes[version], body };
}
