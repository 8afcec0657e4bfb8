import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import type { EventType } from '../../../server/formats/log-entry-data.ts';
import { disagreements, ledgerOf, logDisagreements, type Acknowledged } from '../../support/cluster-files.ts';
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
  | { readonly do: 'roll'; readonly type: EventType }
  | { readonly do: 'restart' };

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
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

/** Failures that the control API answers with, and that leave the cluster as it was. */
const expected = new Set(['no-leader', 'conflict']);

/** A cluster that lives through restarts of its process, with what was acknowledged before. */
class LongLivedCluster {
  running: RunningCluster;
  readonly #terms = new Map<string, number>();
  readonly #earlier: Acknowledged[] = [];
  readonly #options: { readonly rate: number; readonly hasLogIndexFiles: boolean };

  constructor(folder: string, hasLogIndexFiles: boolean) {
    this.#options = { rate: 2, hasLogIndexFiles };
    this.running = openCluster({ folder, ...this.#options });
  }

  take(action: Step): void {
    const { running } = this;
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
      else this.#restart();
    } catch (error) {
      if (!(error instanceof AxonError) || !expected.has(error.kind)) throw error;
    }
    this.running.cluster.settle();
  }

  /** Lets everything run and calm down. */
  mend(): void {
    for (const name of this.running.cluster.nodes.keys()) {
      this.take({ do: 'start', node: name });
      delayReplication(this.running, name, 0);
    }
    this.running.advance(2 * MINUTE_MS);
    letSettle(this.running);
  }

  checkPromises(): void {
    for (const group of this.running.cluster.groups.values()) {
      for (const { nodeName, appliedIndex, commitIndex, currentTerm, lastTerm, log, applyError } of group.members) {
        const name = `${nodeName}/${group.name}`;
        expect(applyError).toBeNull();
        expect(appliedIndex).toBeLessThanOrEqual(commitIndex);
        expect(commitIndex).toBeLessThanOrEqual(log.lastIndex);
        expect(lastTerm).toBeLessThanOrEqual(currentTerm);
        expect(lastTerm).toBeGreaterThanOrEqual(this.#terms.get(name) ?? 0);
        // What is committed stays, so the term of the last committed entry never goes back.
        if (log.termAt(commitIndex) > 0) this.#terms.set(name, log.termAt(commitIndex));
      }
    }
  }

  checkFiles(): void {
    const { cluster, folder } = this.running;
    expect(logDisagreements(cluster, folder)).toEqual([]);
    for (const acknowledged of [...this.#earlier, ledgerOf(cluster)]) {
      expect(disagreements(cluster, folder, acknowledged)).toEqual([]);
    }
  }

  #restart(): void {
    const { cluster, folder } = this.running;
    this.#earlier.push(ledgerOf(cluster));
    cluster.close();
    this.running = openCluster({ folder, ...this.#options, startMs: cluster.clock.nowMs });
  }
}

test('whatever happens, logs agree and nothing that was acknowledged is lost', () => {
  const newFolder = temporaryFolders();
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }),
      fc.boolean(),
      (steps, hasLogIndexFiles) => {
        const cluster = new LongLivedCluster(newFolder(), hasLogIndexFiles);
        try {
          for (const action of steps) {
            cluster.take(action);
            cluster.checkPromises();
          }
          cluster.mend();
          cluster.checkPromises();
          cluster.checkFiles();
        } finally {
          cluster.running.cluster.close();
        }
      },
    ),
    { numRuns: 50, interruptAfterTimeLimit: 60_000 },
  );
});
