import * as fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';

/** Digest and modification time of each file below a folder whose name ends in one of the suffixes, by its path there. */
export function treeDigest(folder: string, suffixes: readonly string[]): Map<string, string> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    names
      .filter((name) => suffixes.some((suffix) => name.endsWith(suffix)))
      .toSorted()
      .map((name) => {
        const file = path.join(folder, name);
        const digest = createHash('sha256').update(fs.readFileSync(file)).digest('hex');
        return [name, `${digest} ${fs.statSync(file).mtimeMs}`];
      }),
  );
}

/** Names whose digests differ, or that only one of the two has. */
export function differingFiles(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter((name) => left.get(name) !== right.get(name));
}
