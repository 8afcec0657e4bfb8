import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { startSimulator, type Node } from '../../server/index.ts';
import { RandomStream } from '../../server/time-and-chance/random.ts';
import { startCli } from '../support/cli.ts';
import { findingsIn, testWithPython } from '../support/independent-reader.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KILLS = 8;
const sizes = { segmentSizeBytes: 32 * 1024, logSegmentSizeBytes: 8 * 1024 };
// Time passes by itself as fast as a machine that has other work to do can follow; the long advance does the rest.
const busy = ['serve', '--port', '0', '--json', '--speed', '10', '--rate', '20'];
const busySizes = ['--segment-size', '32KiB', '--log-segment-size', '8KiB'];

async function post<Answer>(url: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
}

/** Appends while time runs by itself, then is killed while it lets minutes pass; the last token that it has acknowledged. */
async function serveAndKill(folder: string, appends: number, node: number, delayMs: number): Promise<number> {
  const cli = startCli([...busy, ...busySizes, '--data-dir', folder]);
  const { nodes } = JSON.parse(await cli.firstLine) as { nodes: Node[] };
  const url = nodes[node]?.url ?? '';
  let acknowledged = -1;
  for (let count = 0; count < appends; count++) {
    const request = { transactions: 3, eventsPerTransaction: 2 };
    const { lastToken } = await post<{ lastToken: number }>(`${url}/_sim/contexts/default/append`, request);
    expect(lastToken).toBeGreaterThan(acknowledged);
    acknowledged = lastToken;
  }
  // Many thousands of transactions, which nobody gets an answer for.
  const neverAnswered = post(`${url}/_sim/clock/advance`, { by: '20m' }).catch(() => 'cut off');
  await wait(delayMs);
  cli.kill('SIGKILL');
  expect(await cli.ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  expect(await neverAnswered).toBe('cut off');
  return acknowledged;
}

testWithPython('killed again and again at any moment, it starts again with all that it has acknowledged', async () => {
  const folder = temporaryFolder();
  const random = new RandomStream(1, 'kills');
  let highest = -1;
  for (let round = 0; round < KILLS; round++) {
    const acknowledged = await serveAndKill(folder, random.integer(1, 4), round % 3, random.integer(20, 400));
    expect(acknowledged).toBeGreaterThan(highest);
    highest = acknowledged;

    const simulator = await startSimulator({ port: 0, speed: 0, rate: 0, dataDir: folder, ...sizes });
    await simulator.clock.advance(10_000);
    const state = simulator.state();
    const { firstToken } = await simulator.control.append('default');
    await simulator.close();
    for (const { groups, contexts } of state.nodes) {
      expect(contexts['default']?.EVENT.nextToken).toBe(Number(firstToken));
      expect(Object.values(groups).map(({ applyError }) => applyError)).toEqual([null, null]);
    }
    expect(Number(firstToken)).toBeGreaterThan(acknowledged);
    expect(findingsIn(folder)).toEqual([]);
  }
});
