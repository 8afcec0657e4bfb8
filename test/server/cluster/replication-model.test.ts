import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import type { EventType } from '../../../server/formats/log-entry-data.ts';
import { disagreements, logDisagreements } from '../../support/cluster-files.ts';
import {
  append,
  delayReplication,
  letSettle,
  MINUTE_MS,
  openCluster,
  type RunningCluster,
} from '../../support/clusters.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

/* Whatever happens to a cluster: it keeps Raft's promises at every moment, and in the end nothing is lost. */

type Step =
  | { readonly do: 'append'; readonly transactions: number; readonly type: EventType }
  | { readonly do: 'advance'; readonly byMs: number }
  | { readonly do: 'stop' | 'crash' | 'start'; readonly node: string }
  | { readonly do: 'lag'; readonly node: string; readonly lagMs: number }
  | { readonly do: 'clean'; readonly node: string; readonly group: string }
  | { readonly do: 'roll'; readonly type: EventType };

const node = fc.constantFrom('node-1', 'node-2', 'node-3');
const type = fc.constantFrom<EventType>('EVENT', 'EVENT', 'SNAPSHOT');

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('append'), transactions: fc.integer({ min: 1, max: 30 }), type }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('advance'), byMs: fc.constantFrom(1, 2, 5, 40, 700, 3000, MINUTE_MS) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('stop', 'crash'), node }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start'), node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lag'), node, lagMs: fc.constantFrom(0, 20, 2000, 60_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('clean'), node, group: fc.constantFrom('default', '_admin') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('roll'), type }) },
);

/** Failures that the control API answers with, and that leave the cluster as it was. */
const expected = new Set(['no-leader', 'conflict']);

function take(running: RunningCluster, action: Step): void {
  const { cluster } = running;
  try {
    if (action.do === 'append') append(running, action.transactions, action);
    else if (action.do === 'advance') running.advance(action.byMs);
    else if (action.do === 'stop') cluster.stopNode(action.node);
    else if (action.do === 'crash') cluster.crashNode(action.node);
    else if (action.do === 'start') cluster.startNode(action.node);
    else if (action.do === 'lag') delayReplication(running, action.node, action.lagMs);
    else if (action.do === 'clean') cluster.node(action.node).cleanLog(action.group, 0);
    else if (action.do === 'roll') cluster.roll('default', action.type);
  } catch (error) {
    if (!(error instanceof AxonError) || !expected.has(error.kind)) throw error;
  }
  cluster.settle();
}

/** Highest terms so far, by node and group. */
type Terms = Map<string, number>;

function checkPromises({ cluster }: RunningCluster, terms: Terms): void {
  for (const group of cluster.groups.values()) {
    for (const { nodeName, appliedIndex, commitIndex, currentTerm, log, applyError } of group.members) {
      expect(applyError).toBeNull();
      expect(appliedIndex).toBeLessThanOrEqual(commitIndex);
      expect(commitIndex).toBeLessThanOrEqual(log.lastIndex);
      expect(currentTerm).toBeGreaterThanOrEqual(log.lastTerm);
      terms.set(`${nodeName}/${group.name}`, Math.max(currentTerm, terms.get(`${nodeName}/${group.name}`) ?? 0));
    }
  }
}

test('whatever happens, logs agree and nothing that was acknowledged is lost', () => {
  const newFolder = temporaryFolders();
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), (steps) => {
      const running = openCluster({ folder: newFolder(), rate: 2 });
      const terms: Terms = new Map();
      try {
        for (const action of steps) {
          take(running, action);
          checkPromises(running, terms);
        }
        for (const name of running.cluster.nodes.keys()) {
          take(running, { do: 'start', node: name });
          delayReplication(running, name, 0);
        }
        running.advance(2 * MINUTE_MS);
        letSettle(running);
        checkPromises(running, terms);
        expect(logDisagreements(running.cluster, running.folder)).toEqual([]);
        expect(disagreements(running.cluster, running.folder)).toEqual([]);
      } finally {
        running.cluster.close();
      }
    }),
    {
      numRuns: Number(process.env['RUNS'] ?? 50),
      seed: process.env['SEED'] === undefined ? 1 : Number(process.env['SEED']),
    },
  );
});
