import * as fs from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverVersions, startSimulator, type ServerVersion, type Simulator } from '../../../../server/index.ts';
import { urlOf } from '../../../support/simulator.ts';

/* Section 7.6 of docs/event-segment-format.md: one store with closed segments 0 and 462 and the open one 924. */

type Line = readonly [versions: readonly ServerVersion[], target: string, names: string, lastClosedSegment?: number];

const lines: readonly Line[] = [
  [['4.2'], '/filenames?type=EVENT', '462.events 462.index 462.bloom 0.events 0.index 0.bloom'],
  // Enterprise 4.5.16 is a release without /eventstore, and lists as 4.4 does.
  [['4.5', '4.6'], '/filenames?type=EVENT', '462.events 0.events 462.index 462.bloom 0.index 0.bloom'],
  [['4.6'], '/eventstore?type=EVENT', '924.events 462.events 0.events 462.index 462.bloom 0.index 0.bloom', 462],
  [['4.6'], '/eventstore?type=EVENT&lastClosedSegmentBackedUp=0', '924.events 462.events 462.index 462.bloom', 462],
  [['4.6'], '/eventstore?type=EVENT&lastClosedSegmentBackedUp=462', '924.events', 462],
  [['2023.2'], '/eventstore?type=EVENT', '924.events 0.bloom 0.events 0.index 462.bloom 462.events 462.index', 462],
];

async function startSameStore(serverVersion: ServerVersion): Promise<Simulator> {
  const simulator = await startSimulator({ port: 0, nodes: 1, speed: 0, rate: 0, serverVersion });
  for (let segment = 0; segment < 2; segment++) {
    await simulator.control.append('default', { transactions: 231, eventsPerTransaction: 2, payloadBytes: 110 });
    await simulator.control.roll('default');
  }
  await simulator.control.append('default', { transactions: 3 });
  await simulator.clock.advance(60_000);
  return simulator;
}

/** Names as docs/event-segment-format.md shortens them: without folder and leading zeros. */
function shortened(names: readonly string[]): string {
  return names.map((name) => path.basename(name).replace(/^0{1,19}(?=\d)/, '')).join(' ');
}

const served = serverVersions.filter((version) => lines.some(([versions]) => versions.includes(version)));

describe.each(served)('the same store in version %s', (version) => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSameStore(version);
  });
  afterAll(() => simulator.close());

  const own = lines.filter(([versions]) => versions.includes(version));
  test.each(own)('%j %s lists %s', async (_versions, target, names, lastClosedSegment) => {
    const { body } = await request(urlOf(simulator)).get(`/v1/backup${target}`).expect(200);
    const listed = lastClosedSegment === undefined ? body : body.filenames;
    expect(shortened(listed)).toBe(names);
    expect(lastClosedSegment === undefined || body.lastClosedSegment === lastClosedSegment).toBe(true);
    for (const name of listed) expect([name, fs.existsSync(name)]).toEqual([name, true]);
  });
});
