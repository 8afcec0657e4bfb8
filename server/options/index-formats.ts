import { behaviourOf, type Edition, type ServerVersion } from '../behaviours.ts';
import { AxonError } from '../errors.ts';
import { indexFormats, type IndexFormat } from '../formats/index-format.ts';

interface Given {
  readonly serverVersion?: ServerVersion;
  readonly edition?: Edition;
  readonly indexFormats?: Readonly<Record<string, IndexFormat>>;
}

/** By context, for all of them. Fails with `bad-option` on a context that there is not, or a format that the version has not. */
export function resolveIndexFormats(
  { serverVersion = 'documented', edition = 'enterprise', indexFormats: given = {} }: Given,
  contexts: readonly string[],
): ReadonlyMap<string, IndexFormat> {
  const usual = new Map(contexts.map((context) => [context, usualFormat(serverVersion, edition)]));
  for (const [context, format] of Object.entries(given)) {
    if (!contexts.includes(context)) {
      throw new AxonError('bad-option', `an index format is given for "${context}"; there are ${contexts.join(', ')}`);
    }
    if (!indexFormats.includes(format)) {
      throw new AxonError(
        'bad-option',
        `index format of ${context} "${format}": one of ${indexFormats.join(', ')} is wanted`,
      );
    }
    if (format === 'JUMP_SKIP_INDEX' && !behaviourOf(serverVersion, edition).hasJumpSkip) {
      throw new AxonError(
        'bad-option',
        `server version ${serverVersion} has no jump-skip indexes, which ${context} is to have`,
      );
    }
    usual.set(context, format);
  }
  return usual;
}

/** An unknown version or edition is refused elsewhere, in words of its own. */
function usualFormat(version: ServerVersion, edition: Edition): IndexFormat {
  try {
    return behaviourOf(version, edition).indexFormat;
  } catch {
    return 'BLOOM_FILTER_INDEX';
  }
}
