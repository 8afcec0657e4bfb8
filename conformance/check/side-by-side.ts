/**
 * Does the work for all items, `jobs` of them at a time, in their order. The first failure is the whole's: nothing new is
 * begun then, and it comes out once what was under way has ended. Once `isOver` says so, nothing new is begun either.
 */
export async function sideBySide<Item>(
  items: readonly Item[],
  jobs: number,
  work: (item: Item) => Promise<void>,
  isOver: () => boolean = () => false,
): Promise<void> {
  const waiting = [...items];
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined && !isOver(); item = waiting.shift()) {
      try {
        await work(item);
      } catch (error) {
        failures.push(error);
        waiting.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  if (failures.length > 0) throw failures[0];
}
