/** Something that takes a stretch of the width, in pixels. */
export interface Placed<Item> {
  readonly fromX: number;
  readonly toX: number;
  readonly item: Item;
}

/** One thing, or several that are drawn as one. */
export interface Merged<Item> {
  readonly fromX: number;
  readonly toX: number;
  readonly items: readonly Item[];
}

/**
 * Neighbours that are narrower than `leastPx` become one block with a count, so that a thousand of them are a block that
 * says so, and not a smear. Wider ones stay as they are, and so do those with more than `gapPx` between them. They come in
 * order.
 */
export function mergeNarrow<Item>(
  placed: ReadonlyArray<Placed<Item>>,
  leastPx: number,
  gapPx = Infinity,
): Array<Merged<Item>> {
  const merged: Array<Merged<Item>> = [];
  let block: { fromX: number; toX: number; items: Item[] } | null = null;
  for (const { fromX, toX, item } of placed) {
    if (toX - fromX >= leastPx) {
      if (block !== null) merged.push(block);
      block = null;
      merged.push({ fromX, toX, items: [item] });
    } else if (block === null || fromX - block.toX > gapPx) {
      if (block !== null) merged.push(block);
      block = { fromX, toX, items: [item] };
    } else {
      block.toX = Math.max(block.toX, toX);
      block.items.push(item);
    }
  }
  return block === null ? merged : [...merged, block];
}

/** What overlaps, or lies no more than `gapPx` apart, becomes one. There is at most one for each gap that fits the width. */
export function mergeClose<Item>(placed: ReadonlyArray<Placed<Item>>, gapPx: number): Array<Merged<Item>> {
  const merged: Array<{ fromX: number; toX: number; items: Item[] }> = [];
  for (const { fromX, toX, item } of placed.toSorted((a, b) => a.fromX - b.fromX)) {
    const last = merged.at(-1);
    if (last === undefined || fromX - last.toX > gapPx) merged.push({ fromX, toX, items: [item] });
    else {
      last.toX = Math.max(last.toX, toX);
      last.items.push(item);
    }
  }
  return merged;
}

/** Marks that would lie over each other become one; a row of marks, however dense, stays a row. */
export function mergeMarks<Item>(placed: ReadonlyArray<Placed<Item>>, markPx: number): Array<Merged<Item>> {
  const merged: Array<{ fromX: number; toX: number; items: Item[] }> = [];
  for (const { fromX, toX, item } of placed.toSorted((a, b) => a.fromX - b.fromX)) {
    const last = merged.at(-1);
    if (last === undefined || fromX - last.fromX >= markPx) merged.push({ fromX, toX, items: [item] });
    else {
      last.toX = Math.max(last.toX, toX);
      last.items.push(item);
    }
  }
  return merged;
}
