import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SyntheticEvents } from '../../../server/cluster/synthetic-events.ts';
import { RandomStream } from '../../../server/sim/random.ts';
import type { IndexKey } from '../../../server/stores/transaction.ts';

const asked = fc.array(fc.record({ isSnapshot: fc.boolean(), count: fc.integer({ min: 1, max: 40 }) }), {
  maxLength: 40,
});

/** A server refuses a snapshot of what is not there; and two of one event are one too many for its index. */
test('a snapshot is of an aggregate at one of its events, as long as there are so many, and no two are of the same', () => {
  fc.assert(
    fc.property(fc.integer(), asked, (seed, steps) => {
      const source = new SyntheticEvents({ context: 'default', random: new RandomStream(seed, 'events'), prefix: 'a' });
      const there = new Set<string>();
      const taken = new Set<string>();
      for (const { isSnapshot, count } of steps) {
        const isCovered = taken.size + count <= there.size;
        const { keys } = isSnapshot
          ? source.snapshots('node-1', 0, count, 10)
          : source.transaction('node-1', 0, count, 10);
        for (const each of keys.map(nameOf)) {
          if (!isSnapshot) there.add(each);
          else {
            expect(taken).not.toContain(each);
            if (isCovered) expect(there).toContain(each);
            taken.add(each);
          }
        }
      }
    }),
  );
});

function nameOf(entry: IndexKey): string {
  if (entry === null) throw new Error('an event of no aggregate');
  return `${entry.key} ${entry.sequenceNumber}`;
}
