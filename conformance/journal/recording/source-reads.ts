import * as fs from 'node:fs';

/** A listed file of the server when the answer left: where it is, and when it was last read then. */
export interface SourceLook {
  readonly path: string;
  readonly accessedMs: number;
  /** Whether the next reading would show: Linux notes it where the file has changed since the last one (`relatime`). */
  readonly tells: boolean;
}

/** From the first to the last moment of something, host's time in milliseconds; good for comparing with others alone. */
export interface Course {
  readonly firstMs: number;
  readonly lastMs: number;
}

export function lookAtSource(path: string, { atimeMs, mtimeMs, ctimeMs }: fs.Stats): SourceLook {
  return { path, accessedMs: atimeMs, tells: atimeMs <= Math.max(mtimeMs, ctimeMs) };
}

/**
 * When files were read since those looks, by their times of access; `untold` where nothing would show it, or where the file
 * system keeps no such times and so nobody knows. Files that have gone meanwhile say nothing.
 */
export function readingOf(looks: readonly SourceLook[]): Course | 'unread' | 'untold' {
  const telling = looks.filter(({ tells }) => tells);
  const times = telling.flatMap(({ path, accessedMs }) => {
    const nowMs = accessTimeOf(path);
    return nowMs === null || nowMs === accessedMs ? [] : [nowMs];
  });
  if (telling.length === 0) return 'untold';
  return courseOf(times) ?? 'unread';
}

/** Null of no times at all. */
export function courseOf(times: readonly number[]): Course | null {
  const ascending = times.toSorted((a, b) => a - b);
  const [firstMs, lastMs] = [ascending[0], ascending.at(-1)];
  return firstMs === undefined || lastMs === undefined ? null : { firstMs, lastMs };
}

/** Whether something was over when the other began, as far as clocks that tick coarsely can tell. */
export function isBefore(first: Course, second: Course): boolean {
  return first.firstMs < second.lastMs && second.firstMs >= first.lastMs;
}

function accessTimeOf(path: string): number | null {
  try {
    return fs.statSync(path).atimeMs;
  } catch {
    return null;
  }
}
