/** Takes every item, also those behind one that fails, so that nothing stays open; then fails as the first that did. */
export function runAll<Item>(items: Iterable<Item>, step: (item: Item) => void): void {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      step(item);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
