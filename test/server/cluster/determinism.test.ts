import { execFile } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startSimulator, type GroupOptions } from '../../../server/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { differingFiles, treeDigest } from '../../support/tree-digest.ts';

/* The same seed and the same calls give the same bytes: wherever and however often. */

const segments = ['.events', '.snapshots', '.log'];
const built = path.resolve(import.meta.dirname, '../../../dist/server/index.js');

interface Plan {
  readonly dataDir: string;
  readonly seed: number;
  /** How often time passes between two things that are done to the cluster. */
  readonly stretches: number;
  readonly stretchMinutes: number;
  /** Advances of this many minutes make up a stretch. */
  readonly stepMinutes: number;
  readonly groups?: readonly GroupOptions[];
}

/** A cluster lives for a while, with a bit of everything. Refers to nothing but what it is given: see `growElsewhere`. */
async function grow(start: typeof startSimulator, plan: Plan): Promise<void> {
  const { dataDir, seed, stretches, stretchMinutes, stepMinutes, groups } = plan;
  const sizes = { segmentSizeBytes: 256 * 1024, logSegmentSizeBytes: 64 * 1024 };
  const { clock, control, nodes, close } = await start({
    port: 0,
    speed: 0,
    rate: 1,
    dataDir,
    seed,
    ...(groups && { groups }),
    ...sizes,
  });
  for (let stretch = 0; stretch < stretches; stretch++) {
    const { name = '', url = '' } = nodes[stretch % nodes.length] ?? {};
    const turn = stretch % 6;
    for (let minute = 0; minute < stretchMinutes; minute += stepMinutes) await clock.advance(stepMinutes * 60_000);
    if (turn === 0) await fetch(`${url}/v1/backup/createControlDbBackup`, { method: 'POST' });
    if (turn === 0) await control.delayReplication(name, 700);
    if (turn === 1) await control.append('default', { transactions: 20, eventsPerTransaction: 3, type: 'SNAPSHOT' });
    if (turn === 1) await control.cleanLog(name, groups?.[1]?.name ?? 'default');
    if (turn === 2) await control.roll('default', 'EVENT');
    if (turn === 3) await control.stop(name);
    if (turn === 4) await control.start(nodes[(stretch - 1) % nodes.length]?.name ?? '');
    if (turn === 5) await control.crash(name);
    if (turn === 5) await control.start(name);
  }
  await close();
}

function growHere(plan: Omit<Plan, 'dataDir'>): Promise<string> {
  const dataDir = temporaryFolder();
  return grow(startSimulator, { ...plan, dataDir }).then(() => dataDir);
}

/** The same in a process of its own, on the built simulator, in the time zone that is farthest from anybody. */
async function growElsewhere(plan: Omit<Plan, 'dataDir'>): Promise<string> {
  const dataDir = temporaryFolder();
  const script = [
    `import { startSimulator } from ${JSON.stringify(pathToFileURL(built).href)};`,
    `if (new Date(0).getTimezoneOffset() !== -840) throw new Error('The time zone is unknown');`,
    `await (${grow.toString()})(startSimulator, ${JSON.stringify({ ...plan, dataDir })});`,
  ].join('\n');
  const env = { ...process.env, TZ: 'Etc/GMT-14', LANG: 'tr_TR.UTF-8' };
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env });
  return dataDir;
}

/** Everything is done once, some of it twice. */
const short = { seed: 5, stretches: 8, stretchMinutes: 10, stepMinutes: 10 };

describe('the same seed and the same calls', () => {
  test('give the same files after a whole day, in another process and another time zone too', async () => {
    const plan = { seed: 5, stretches: 24, stretchMinutes: 60, stepMinutes: 60 };
    const [here, elsewhere] = await Promise.all([growHere(plan), growElsewhere(plan)]);
    const digests = treeDigest(here, segments);
    expect(digests.size).toBeGreaterThan(100);
    expect(differingFiles(digests, treeDigest(elsewhere, segments))).toEqual([]);
    // Indexes and bloom filters are no secret either.
    const indexes = ['.index', '.bloom', '.sindex', '.sbloom'];
    expect(differingFiles(treeDigest(here, indexes), treeDigest(elsewhere, indexes))).toEqual([]);
  });

  test('give the same files twice in one process, which another seed does not', async () => {
    const digests = treeDigest(await growHere(short), segments);
    expect(differingFiles(digests, treeDigest(await growHere(short), segments))).toEqual([]);
    const others = treeDigest(await growHere({ ...short, seed: 6 }), segments);
    const equal = [...digests].filter(([name, digest]) => others.get(name) === digest);
    expect(equal).toEqual([]);
  });

  test('give the same files where groups differ and members have roles', async () => {
    const groups: readonly GroupOptions[] = [
      { name: '_admin', members: [{ node: 'node-1' }, { node: 'node-2' }] },
      {
        name: 'shop',
        contexts: ['default', 'orders'],
        members: [
          { node: 'node-1' },
          { node: 'node-2', role: 'PASSIVE_BACKUP' },
          { node: 'node-3', role: 'MESSAGING_ONLY' },
        ],
      },
    ];
    const digests = treeDigest(await growHere({ ...short, groups }), segments);
    expect(digests.size).toBeGreaterThan(10);
    expect(differingFiles(digests, treeDigest(await growHere({ ...short, groups, stepMinutes: 2 }), segments))).toEqual(
      [],
    );
  });

  test('give the same files however the time is cut up', async () => {
    const digests = treeDigest(await growHere(short), segments);
    for (const stepMinutes of [1, 5]) {
      expect(differingFiles(digests, treeDigest(await growHere({ ...short, stepMinutes }), segments))).toEqual([]);
    }
  });
});
