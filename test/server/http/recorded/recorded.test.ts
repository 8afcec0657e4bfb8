import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Simulator } from '../../../../server/index.ts';
import { exceptions } from './exceptions.ts';
import { differencesBetween, isAboutBackups } from './compare.ts';
import { send, startRecordedServer, transformClosed, transformOpen } from './recorded-store.ts';
import { readRecordedCalls, readTransformedListings, releases, type RecordedCall, type Release } from './recording.ts';

/*
 * What real servers of the standard edition answered, sent to ours of the same release over the same segments. The
 * figures stand in the output of each run; what differs on purpose is named in exceptions.ts.
 */

const calls = readRecordedCalls();

/** What became of each call, for whoever looks at all releases together. */
const everyOutcome: Array<Outcome & { readonly release: Release }> = [];

interface Outcome {
  readonly call: RecordedCall;
  readonly differences: readonly string[];
}

describe.each(releases)('%s, standard edition', (release) => {
  let outcomes: readonly Outcome[] = [];

  beforeAll(async () => {
    outcomes = [...(await replay(release, false)), ...(await replay(release, true))];
    everyOutcome.push(...outcomes.map((outcome) => ({ ...outcome, release })));
  }, 120_000);

  test('answers as the real one did, but for the exceptions that are named', () => {
    const unexplained = outcomes.filter(
      ({ call, differences }) => differences.length > 0 && !exceptions.some(({ covers }) => covers(call, release)),
    );
    expect(unexplained.map(describeOutcome)).toEqual([]);
  });

  test('at least 98 % of the answers about backups are equal, exceptions counted as what they are: different', () => {
    const aboutBackups = outcomes.filter(({ call }) => isAboutBackups(call));
    const equal = aboutBackups.filter(({ differences }) => differences.length === 0).length;
    expect(aboutBackups.length).toBeGreaterThan(330);
    expect(equal / aboutBackups.length).toBeGreaterThanOrEqual(0.98);
  });

  afterAll(() => report(release, outcomes));
});

test('each exception is one that some answer needs', () => {
  const different = everyOutcome.filter(({ differences }) => differences.length > 0);
  for (const { covers, reason } of exceptions) {
    expect(
      different.some(({ call, release }) => covers(call, release)),
      reason,
    ).toBe(true);
  }
});

test('2023.2.1 lists what it has after two transformations and a compaction, in all 24 recorded listings', async () => {
  const simulator = await startRecordedServer('2023.2.1');
  try {
    await transformClosed(simulator);
    const held = await listingsAfter(simulator, 1);
    await transformOpen(simulator);
    held.push(...(await listingsAfter(simulator, 2)));
    await simulator.control.compact('default');
    held.push(...(await listingsAfter(simulator, 3)));
    expect(held.map(({ received }) => received)).toEqual(held.map(({ recorded }) => recorded));
    expect(held).toHaveLength(24);
  } finally {
    await simulator.close();
  }
});

async function replay(release: Release, hasAccessControl: boolean): Promise<Outcome[]> {
  const simulator = await startRecordedServer(release, hasAccessControl);
  try {
    if (hasAccessControl && release === '2023.2.1') {
      // The recorded one had been through these when access control was turned on.
      await transformClosed(simulator);
      await transformOpen(simulator);
      await simulator.control.compact('default');
    }
    const [node] = simulator.nodes;
    if (node === undefined) throw new Error('There is no node');
    const outcomes: Outcome[] = [];
    for (const call of calls.filter((each) => each.hasAccessControl === hasAccessControl)) {
      const received = await send(node.url, call);
      outcomes.push({ call, differences: differencesBetween(call, release, received, node) });
    }
    return outcomes;
  } finally {
    await simulator.close();
  }
}

async function listingsAfter(simulator: Simulator, step: 1 | 2 | 3): Promise<{ recorded: string; received: string }[]> {
  const url = simulator.nodes[0]?.url ?? '';
  const listings = readTransformedListings(step).map(async ({ target, body }) => {
    const received = await send(url, { method: 'GET', path: `/v1/backup/${target}`, headers: {}, body: '' });
    const names = received.body.replaceAll(/"[^"]*\/(\d{20}[^"/]*)"/g, '"$1"');
    return { recorded: `${target} ${body}`, received: `${target} ${names}` };
  });
  return Promise.all(listings);
}

function describeOutcome({ call, differences }: Outcome): string {
  return `${call.name}: ${call.method} ${call.path.slice(0, 120)}: ${differences.join('; ')}`;
}

/** Printed, since a figure that nobody sees is none. */
function report(release: Release, outcomes: readonly Outcome[]): void {
  const aboutBackups = outcomes.filter(({ call }) => isAboutBackups(call));
  const count = (of: readonly Outcome[]): string =>
    `${of.filter(({ differences }) => differences.length === 0).length} of ${of.length}`;
  const lines = [
    `${release}: ${count(outcomes)} recorded answers equal, about backups ${count(aboutBackups)}`,
    ...exceptions.map(({ covers, reason }) => {
      const covered = outcomes.filter(({ call, differences }) => differences.length > 0 && covers(call, release));
      return `  ${covered.length} differ: ${reason}`;
    }),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
