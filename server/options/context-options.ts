import { behaviourOf, type Edition, type ServerVersion } from '../versions/behaviours.ts';
import { AxonError } from '../errors.ts';

/** A context of a replication group: its name, or more of it. */
export type ContextOptions =
  | string
  | {
      readonly name: string;
      /** Whether it has a dynamic consistency boundary; a plain one unless given. Only some versions have such (docs/newer-versions.md, section 3). */
      readonly dcb?: boolean;
    };

interface Given {
  readonly serverVersion?: ServerVersion;
  readonly edition?: Edition;
  readonly groups?: ReadonlyArray<{ readonly contexts?: readonly ContextOptions[] }>;
}

export function contextNameOf(context: ContextOptions): string {
  return typeof context === 'string' ? context : context.name;
}

/** The names of those that are given as contexts with a dynamic consistency boundary. */
export function dcbContextsIn(groups: Given['groups'] = []): string[] {
  const all = groups.flatMap(({ contexts = [] }) => contexts);
  return all.flatMap((context) => (typeof context !== 'string' && context.dcb === true ? [context.name] : []));
}

/**
 * The contexts with a dynamic consistency boundary: those that are given, and those that the data folder has; `held` is null
 * where there is none yet. Fails with `bad-option` where the version has no such contexts, or the folder holds one as a plain one.
 */
export function resolveDcbContexts(
  { serverVersion = 'documented', edition = 'enterprise', groups }: Given,
  held: readonly string[] | null,
): readonly string[] {
  const given = dcbContextsIn(groups);
  const plain = held === null ? undefined : given.find((context) => !held.includes(context));
  if (plain !== undefined) {
    const way = 'leave out `dcb`, and migrate it by POST /_sim/contexts/:context/migrate-to-dcb';
    throw new AxonError('bad-option', `the data folder holds ${plain} as a plain context: ${way}`);
  }
  const all = [...new Set([...given, ...(held ?? [])])].toSorted();
  const [first] = all;
  if (first !== undefined && !hasDcb(serverVersion, edition)) {
    const way = 'take 2025.2 or 2026.0, or leave out `dcb`';
    throw new AxonError(
      'bad-option',
      `server version ${serverVersion} has no contexts with a dynamic consistency boundary, which ${first} is to have: ${way}`,
    );
  }
  return all;
}

/** An unknown version or edition is refused elsewhere, in words of its own. */
function hasDcb(version: ServerVersion, edition: Edition): boolean {
  try {
    return behaviourOf(version, edition).hasDcb;
  } catch {
    return true;
  }
}
