import { setImmediate as turn } from 'node:timers/promises';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../server/index.ts';
import { entriesIn } from '../support/cluster-files.ts';
import { stillSimulator, urlOf } from '../support/simulator.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeDigest } from '../support/tree-digest.ts';

/** So much that it takes some forty steps to write, and as many to bring everywhere. */
const LONG = { transactions: 40, eventsPerTransaction: 1000, payloadBytes: 10 };

/** What is seen from outside, turn by turn, until the append is done. */
async function lookOn(simulator: Simulator, look: () => void): Promise<void> {
  const end = new AbortController();
  const appended = simulator.control.append('default', LONG).finally(() => end.abort());
  try {
    for (await turn(); !end.signal.aborted; await turn()) look();
  } finally {
    await appended;
  }
}

describe('a long append', () => {
  // Two hundred thousand transactions held up every request, and the end of the process, for twelve seconds.
  test('lets others have their turn, who see logs and files that agree', async () => {
    const folder = temporaryFolder();
    const simulator = await stillSimulator({ dataDir: folder });
    const seen: number[] = [];
    await lookOn(simulator, () => {
      const group = simulator.state().nodes[0]?.groups['default'];
      const entries = entriesIn(folder, 'node-1', 'default');
      expect(Math.max(...entries.keys())).toBe(group?.lastIndex);
      expect(group?.appliedIndex).toBeLessThanOrEqual(group?.commitIndex ?? -1);
      expect(group?.commitIndex).toBeLessThanOrEqual(group?.lastIndex ?? -1);
      seen.push(group?.lastIndex ?? -1);
    });
    expect(new Set(seen).size).toBeGreaterThan(10);
  });

  test('is overtaken by a request that comes meanwhile', async () => {
    const simulator = await stillSimulator();
    const answered: string[] = [];
    const append = simulator.control.append('default', LONG).then(() => answered.push('append'));
    await turn();
    await request(urlOf(simulator)).get('/_sim/state');
    answered.push('state');
    await append;
    expect(answered).toEqual(['state', 'append']);
  });

  test('leaves the same bytes whether somebody looks on or not', async () => {
    const digests: Map<string, string>[] = [];
    for (const isWatched of [true, false]) {
      const dataDir = temporaryFolder();
      const simulator = await stillSimulator({ nodes: 3, dataDir });
      if (isWatched) await lookOn(simulator, () => simulator.state());
      else await simulator.control.append('default', LONG);
      digests.push(treeDigest(dataDir, ['.events', '.log', '.index', '.bloom']));
    }
    expect(digests[0]?.size).toBeGreaterThan(6);
    expect(digests[1]).toEqual(digests[0]);
  });

  test('ends when the simulator is closed', async () => {
    const simulator = await stillSimulator();
    const append = simulator.control.append('default', LONG).catch((reason: unknown) => reason);
    await turn();
    await simulator.close();
    expect(await append).toMatchObject({ kind: 'conflict', message: 'the simulator is shutting down' });
  });
});

describe('an append to a data folder with a limit', () => {
  const maxDiskBytes = 1 << 20;

  // What the workload observes, a call of the control API went past: 500 MB into a folder of 10 MiB.
  test('stops where the limit is reached, and says what was appended', async () => {
    const simulator = await stillSimulator({ nodes: 3, logSegmentSizeBytes: 4096, maxDiskBytes });
    const answer = await request(urlOf(simulator))
      .post('/_sim/contexts/default/append')
      .send({ transactions: 100_000 });
    const state = simulator.state();
    const { nextToken } = state.nodes[0]?.contexts['default']?.EVENT ?? { nextToken: -1 };
    expect(answer.status).toBe(507);
    expect(answer.body.message).toBe(
      `The data folder has reached the limit of ${maxDiskBytes} bytes: ` +
        `${nextToken} of 100000 transactions were appended, tokens 0 to ${Number(nextToken) - 1}; start with a higher --max-disk`,
    );
    expect(nextToken).toBeGreaterThan(100);
    expect(state.disk.usedBytes).toBeLessThan(1.1 * maxDiskBytes);
  });

  test('appends nothing where it was reached before', async () => {
    const simulator = await stillSimulator({ maxDiskBytes: 1 });
    const failure: unknown = await simulator.control.append('default').catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ kind: 'disk-limit', message: expect.stringContaining('nothing was appended') });
    expect(simulator.state().nodes[0]?.contexts['default']?.EVENT.nextToken).toBe(0);
  });
});
