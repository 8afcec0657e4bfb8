import { behaviourOf, type Edition, type ServerVersion } from '../versions/behaviours.ts';
import { indexFormats, type ContextIndexFormats, type IndexFormat } from '../formats/index-format.ts';

/** What lies beside closed segments of a context: the same for both of its stores, or for each what is said. */
export type IndexFormatOption = IndexFormat | { readonly event?: IndexFormat; readonly snapshot?: IndexFormat };

interface Given {
  readonly serverVersion?: ServerVersion;
  readonly edition?: Edition;
  readonly indexFormats?: Readonly<Record<string, IndexFormatOption>>;
}

/**
 * By context, for all of them: what is given, else what the contexts of an existing data folder were made with, else what
 * the version has for new ones.
 */
export function resolveIndexFormats(
  { serverVersion = 'documented', edition = 'enterprise', indexFormats: given = {} }: Given,
  contexts: readonly string[],
  held: Readonly<Record<string, ContextIndexFormats>> = {},
): ReadonlyMap<string, ContextIndexFormats> {
  const usual = usualFormat(serverVersion, edition);
  return new Map(
    contexts.map((context) => {
      const before = (Object.hasOwn(held, context) ? held[context] : null) ?? { EVENT: usual, SNAPSHOT: usual };
      const option = Object.hasOwn(given, context) ? given[context] : undefined;
      if (typeof option === 'string') return [context, { EVENT: option, SNAPSHOT: option }];
      return [context, { EVENT: option?.event ?? before.EVENT, SNAPSHOT: option?.snapshot ?? before.SNAPSHOT }];
    }),
  );
}

/** What is wrong with index formats, whatever the version: a context that there is not, a format that there is not; or null. */
export function indexFormatFault(
  given: NonNullable<Given['indexFormats']>,
  contexts: readonly string[],
): string | null {
  for (const [context, option] of Object.entries(given)) {
    if (!contexts.includes(context)) {
      return `an index format is given for "${context}"; there are ${contexts.join(', ')}`;
    }
    for (const format of typeof option === 'string' ? [option] : [option.event, option.snapshot]) {
      if (format === undefined || indexFormats.includes(format)) continue;
      return `index format of ${context} "${format}": one of ${indexFormats.join(', ')} is wanted`;
    }
  }
  return null;
}

/** A context with jump-skip indexes on a version that knows none, or null. */
export function missingJumpSkipFault(
  formats: ReadonlyMap<string, ContextIndexFormats>,
  { serverVersion, edition }: Required<Pick<Given, 'serverVersion' | 'edition'>>,
): string | null {
  if (behaviourOf(serverVersion, edition).hasJumpSkip) return null;
  const [found] = [...formats].find(([, { EVENT, SNAPSHOT }]) => [EVENT, SNAPSHOT].includes('JUMP_SKIP_INDEX')) ?? [];
  return found === undefined
    ? null
    : `server version ${serverVersion} has no jump-skip indexes, which ${found} has: BLOOM_FILTER_INDEX is there`;
}

/** An unknown version or edition is refused elsewhere, in words of its own. */
function usualFormat(version: ServerVersion, edition: Edition): IndexFormat {
  try {
    return behaviourOf(version, edition).indexFormat;
  } catch {
    return 'BLOOM_FILTER_INDEX';
  }
}
