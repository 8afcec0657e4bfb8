import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BackupVerification } from '../../conformance/oracle/verification/verification.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { makeBases, type Base, type Bases } from './bases.ts';
import { minimise, signatureOf } from './find.ts';
import { judge, limits, type FailureKind, type Reader, type Surroundings } from './judge.ts';
import { readAsVerifyDoes } from './reader-under-test.ts';
import { basesIn, cook, drawInput, layouts, soundRecipe, takesAway, type Recipe } from './recipe.ts';
import { quietSurroundings } from './surroundings.ts';
import { watchWorker, type Ending } from './watched-worker.ts';
import { writeTree } from './write-tree.ts';

/* Whether the fuzz target can find anything: readers that are wrong in one way each, and sound backups that are not held against one. */

let bases: Bases = new Map();

beforeAll(async () => {
  bases = await makeBases(1);
});

function baseOf(name: string): Base {
  const base = bases.get(name);
  if (base === undefined) throw new Error(`there is no base ${name}`);
  return base;
}

async function play(recipe: Recipe, reader: Reader = readAsVerifyDoes): Promise<Awaited<ReturnType<typeof judge>>> {
  const folder = temporaryFolder();
  const input = path.join(folder, 'input');
  writeTree(input, await cook(recipe, bases));
  const known = { bases: basesIn(recipe, bases), takesAway: takesAway(recipe) };
  return judge(reader, path.join(input, recipe.target), known, quietSurroundings());
}

describe('a sound backup', () => {
  test.each(Object.keys(layouts))(
    'in the layout "%s" is consistent, and nothing is held against the reader',
    async (layout) => {
      for (const base of bases.values()) {
        const { failures, verdict } = await play(soundRecipe(1, base, layout));
        expect([base.name, verdict, failures]).toEqual([base.name, 'consistent', []]);
      }
    },
  );

  test('is of closed and open segments, snapshots and logs, and of one base the log has been cleaned', () => {
    const names = [...bases.values()].map(({ runs }) => runs.flatMap((run) => [...run.keys()]).join(' '));
    for (const all of names) expect(all).toMatch(/\.bloom.*\.snapshots/);
    const { appended, runs } = baseOf('cleaned');
    expect(appended.some(({ index }) => index < 17)).toBe(true);
    expect([...(runs.at(-1)?.keys() ?? [])]).not.toContain('log/default/00000000000000000001.log');
    expect(names.join(' ')).toContain('_00001.events');
  });
});

describe('a reader', () => {
  const consistent = { verdict: 'consistent', restored: null } as BackupVerification;
  const bad: ReadonlyArray<readonly [FailureKind, string, Reader, Partial<Surroundings>]> = [
    ['threw', 'that throws', () => Promise.reject(new Error('beyond me')), {}],
    [
      'unsettled',
      'that waits for what never comes',
      () => new Promise(() => undefined),
      { runsDry: () => Promise.resolve() },
    ],
    ['slow', 'that takes its time', () => Promise.resolve(consistent), { nowMs: ticking(limits.timeMs + 1) }],
    [
      'heavy',
      'that takes all there is',
      () => Promise.resolve(consistent),
      { peakBytes: () => limits.residentBytes + 1 },
    ],
    [
      'stray',
      'that leaves a rejection behind',
      () => Promise.resolve(consistent),
      { takeStrays: () => ['nobody saw me'] },
    ],
  ];

  test.each(bad)('%s: %s', async (kind, _what, reader, surroundings) => {
    const { failures } = await judge(reader, 'nowhere', null, quietSurroundings(surroundings));
    expect(failures.map((failure) => failure.kind)).toEqual([kind]);
  });

  test('that is quick, small, and says what it found, is not held to anything', async () => {
    const { failures } = await judge(() => Promise.resolve(consistent), 'nowhere', null, quietSurroundings());
    expect(failures).toEqual([]);
  });
});

describe('a reader that passes damage as whole', () => {
  type Lie = (truth: BackupVerification) => Partial<BackupVerification>;
  const shorten: Lie = ({ restored }) => ({
    restored: restored && {
      ...restored,
      stores: restored.stores.map((store) => ({
        ...store,
        tokens: store.tokens && { ...store.tokens, last: store.tokens.last - 1 },
      })),
    },
  });
  const forget: Lie = ({ restored }) => ({ restored: restored && { ...restored, stores: restored.stores.slice(1) } });
  const cutOff: Lie = ({ restored }) => ({
    restored: restored && {
      ...restored,
      stores: restored.stores.map((store) => ({ ...store, tokens: store.tokens && { ...store.tokens, first: 1 } })),
    },
  });

  test.each<readonly [string, Lie, RegExp]>([
    ['a token less in each store', shorten, /would be restored up to token/],
    ['a store less', forget, /would be restored up to token -1/],
    ['the first token gone', cutOff, /begins at token 1/],
    ['nothing restored', () => ({ restored: null }), /nothing of it would be restored/],
    ['a log less', ({ logs }) => ({ logs: logs.slice(1) }), /the log of _admin is missing/],
    ['no control database', () => ({ controlDbs: [] }), /nobody took the control database away/],
    [
      'an older control database',
      ({ controlDbs }) => ({
        controlDbs: controlDbs
          .map((each) => ({ ...each, isNewest: false, groups: [] }))
          .map((each, place) => (place === 0 ? { ...each, isNewest: true } : each)),
      }),
      /another one counts/,
    ],
    [
      'a log that ends before what is committed',
      ({ logs }) => ({ logs: logs.map((log) => ({ ...log, indexes: log.indexes && { ...log.indexes, last: 3 } })) }),
      /ends at 3, before/,
    ],
    [
      'a log that begins behind what is applied',
      ({ logs }) => ({ logs: logs.map((log) => ({ ...log, indexes: log.indexes && { first: 99, last: 200 } })) }),
      /begins at 99, behind applied/,
    ],
  ])('%s', async (_what, lie, message) => {
    const liar: Reader = async (input) => {
      const truth = await readAsVerifyDoes(input);
      return { ...truth, ...lie(truth) };
    };
    const { failures } = await play(soundRecipe(1, baseOf('grown'), 'dated'), liar);
    expect(failures).toEqual([{ kind: 'lied', message: expect.stringMatching(message) }]);
    const inconsistent: Reader = async (input) => ({ ...(await liar(input)), verdict: 'inconsistent' });
    expect((await play(soundRecipe(1, baseOf('grown'), 'dated'), inconsistent)).failures).toEqual([]);
  });

  test('may pass what is left of it, where the newest files were taken away', async () => {
    const { steps, ...recipe } = soundRecipe(1, baseOf('grown'), 'dated');
    const older = { ...recipe, steps: [...steps, { do: 'rename-folder', folder: 'run-2', to: 'run-2.part' }] };
    const { failures, verdict } = await play(older);
    expect([verdict, failures]).toEqual(['consistent', []]);
  });
});

describe('a process', () => {
  const watch = (from: number, to: number): Promise<Ending> =>
    watchWorker({
      job: { kind: 'numbers', seed: 1, from, to },
      basesFile: '',
      folder: path.join(temporaryFolder(), 'worker'),
      worker: path.join(import.meta.dirname, 'bad-worker.mjs'),
      hungAfterMs: 1000,
      lookEveryMs: 50,
      nowMs: () => Date.now(),
      onMessage: () => undefined,
    });

  test('that a reader keeps busy is ended, and the input is known', async () => {
    expect(await watch(1, 5)).toMatchObject({ state: 'lost', number: 3, failure: { kind: 'hung' } });
  });

  test('that a reader takes down is noticed, and the input is known', async () => {
    expect(await watch(4, 9)).toMatchObject({ state: 'lost', number: 5, failure: { kind: 'died' } });
  });

  test('that cannot make an input ends everything: that is no fault of the reader', async () => {
    await expect(watch(6, 9)).rejects.toThrow('an input could not be made: there is no step 7');
  });

  test('that goes before it has an input ends everything, too', async () => {
    // A worker whose modules were gone was a failure of input 0, and all inputs began anew.
    await expect(watch(9, 10)).rejects.toThrow(/before its first input: [\s\S]*I am not whole/);
  });

  test('that has played all of its inputs says so', async () => {
    expect(await watch(8, 9)).toEqual({ state: 'ended', next: 9 });
  });
});

describe('an input', () => {
  test('is the same for the same seed and number, from its recipe too, and another for another number', async () => {
    const again = await makeBases(1);
    for (const number of [1, 2, 3, 44, 555]) {
      const { recipe, tree } = await drawInput(7, number, bases);
      expect((await drawInput(7, number, again)).recipe).toEqual(recipe);
      expect(await cook(JSON.parse(JSON.stringify(recipe)) as Recipe, again)).toEqual(tree);
      expect((await drawInput(7, number + 1, bases)).recipe).not.toEqual(recipe);
    }
  });

  test('that fails is made as small as it still fails', async () => {
    const { recipe } = await drawInput(1, 3, bases);
    const needed = { do: 'remove', file: 'x' };
    const large = { ...recipe, steps: [...recipe.steps, needed, ...recipe.steps] };
    const smallest = await minimise(large, ({ steps }) => Promise.resolve(steps.includes(needed)));
    expect(smallest.steps).toEqual([needed]);
  });

  test('and another that fail in one place for one reason are one find', () => {
    const said = (file: string, at: number): string =>
      `bad offset ${at} in "${file}"\n    at read (/x/conformance/a.ts:5:7)`;
    const signature = signatureOf({ kind: 'threw', message: said('a', 1) });
    expect(signatureOf({ kind: 'threw', message: said('b', 22) })).toBe(signature);
    expect(signatureOf({ kind: 'lied', message: said('a', 1) })).not.toBe(signature);
  });
});

/** A clock that is so much later each time. */
function ticking(stepMs: number): () => number {
  let nowMs = 0;
  return () => (nowMs += stepMs);
}
