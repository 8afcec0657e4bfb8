import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import type { ExaminedStore } from '../examination/examine-events.ts';
import type { VerifiedStore } from './verification.ts';

const globalIndex = /^global-index-\d{5}\.(?<suffix>s?xref)$/;

/**
 * Whether a file is one of those in which a context with jump-skip indexes keeps the last token of each aggregate, over all
 * segments. A server changes them in place, so that of a copied one only the name can be told.
 */
export function isGlobalIndex({ name, what }: Pick<BackupFile, 'name' | 'what'>): boolean {
  return what.kind === 'other' && globalIndex.test(name);
}

/** What is worth knowing of them: segments with jump-skip indexes, and none beside. */
export function describeGlobalIndexes(
  { files }: BackupInventory,
  examined: readonly ExaminedStore[],
  stores: readonly VerifiedStore[],
): string[] {
  const there = new Set(
    files.flatMap(({ name, container }) => {
      const suffix = globalIndex.exec(name)?.groups?.['suffix'];
      return suffix === undefined ? [] : [`${container} ${suffix}`];
    }),
  );
  return stores.flatMap(({ context, type, jumpSkipIndexes }) => {
    if (Object.keys(jumpSkipIndexes).length === 0) return [];
    const suffix = type === 'EVENT' ? 'xref' : 'sxref';
    const own = examined.find((store) => store.context === context && store.type === type);
    const containers = new Set(own?.segments.map(({ file }) => file.container));
    if ([...containers].some((container) => there.has(`${container} ${suffix}`))) return [];
    return [
      `${context} ${type}: segments have jump-skip indexes, and no global-index-….${suffix} lies beside them; what a server does then is not known: copy it too, as every file that is listed`,
    ];
  });
}
