import * as fs from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import { append, MINUTE_MS, openCluster, startMs, stoppedCluster } from '../../support/clusters.ts';
import { damages, doDamage } from '../../support/damaged-files.ts';
import { openFilesIn } from '../../support/open-files.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

/** What can go wrong is an AxonError; the rest goes on. */
function tolerate(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
  }
}

test('whatever happens to its files, a cluster starts or says why not, never hangs, and leaves nothing open', () => {
  const newFolder = temporaryFolders();
  const original = stoppedCluster({ folder: newFolder() });
  const place = fc.constantFrom('events/default', 'log/default', 'log/_admin', 'controldb');
  fc.assert(
    fc.property(fc.constantFrom('node-1', 'node-2'), place, damages, (node, directory, list) => {
      const folder = newFolder();
      fs.cpSync(original, folder, { recursive: true });
      for (const each of list) doDamage(path.join(folder, node, directory), each);
      tolerate(() => {
        const running = openCluster({ folder, startMs: startMs + 2 * MINUTE_MS, rate: 0.1 });
        try {
          tolerate(() => running.advance(5 * MINUTE_MS));
          tolerate(() => append(running, 3));
          tolerate(() => running.cluster.crashNode('node-3'));
          tolerate(() => running.cluster.startNode('node-3'));
          tolerate(() => running.advance(5 * MINUTE_MS));
        } finally {
          running.cluster.close();
        }
      });
      expect(openFilesIn(folder)).toEqual([]);
      fs.rmSync(folder, { recursive: true });
    }),
    { numRuns: 20, interruptAfterTimeLimit: 60_000 },
  );
});
