import { RandomStream } from '../../server/time-and-chance/random.ts';
import { fileAt, filesOf, type BackupTree } from './backup-tree.ts';
import type { Base, Bases } from './bases.ts';
import { mutatorKinds, mutators } from './mutators/catalog.ts';
import { pick, type Step } from './step.ts';

/** How an input comes about, as JSON: play it again and it is the same, byte for byte. */
export interface Recipe {
  /** Of the bases. */
  readonly seed: number;
  readonly base: string;
  /** `plain`: one tree, each run written over the one before it. `dated`: a folder for each run. */
  readonly folders: 'plain' | 'dated';
  readonly steps: readonly Step[];
  /** What the reader is given: a path in the folder, or the folder itself where it is empty. */
  readonly target: string;
  /** Why it is kept. */
  readonly story?: string;
}

/** A layout: the folders, and how they are packed. */
interface Layout {
  readonly folders: Recipe['folders'];
  readonly packs: (runs: readonly string[], random: RandomStream) => readonly Step[];
  readonly target?: string;
}

const style = (random: RandomStream): string =>
  pick(random, ['ustar', 'ustar', 'pax', 'gnu-sparse', 'pax-sparse', 'long-names']);
const level = (random: RandomStream): number => pick(random, [0, 6]);
const tarAll = (random: RandomStream): Step => ({
  do: 'pack-tar',
  folder: '.',
  to: 'backup.tar',
  style: style(random),
});
const zipAll = (random: RandomStream): Step => ({
  do: 'pack-zip',
  folder: '.',
  to: 'backup.zip',
  level: level(random),
});

export const layouts: Readonly<Record<string, Layout>> = {
  plain: { folders: 'plain', packs: () => [] },
  dated: { folders: 'dated', packs: () => [] },
  tar: {
    folders: 'dated',
    packs: (runs, random) =>
      runs.map((run) => ({ do: 'pack-tar', folder: run, to: `${run}.tar`, style: style(random) })),
  },
  'one tar': { folders: 'plain', packs: (_runs, random) => [tarAll(random)], target: 'backup.tar' },
  'tar.gz': {
    folders: 'dated',
    packs: (runs, random) =>
      runs.flatMap((run): Step[] => [
        { do: 'pack-tar', folder: run, to: `${run}.tar`, style: style(random) },
        { do: 'gzip', matching: `${run}.tar` },
      ]),
  },
  zip: {
    folders: 'dated',
    packs: (runs, random) =>
      runs.map((run) => ({ do: 'pack-zip', folder: run, to: `${run}.zip`, level: level(random) })),
  },
  'one zip': { folders: 'plain', packs: (_runs, random) => [zipAll(random)], target: 'backup.zip' },
  gz: {
    folders: 'plain',
    packs: () =>
      ['.events', '.snapshots', '.log', '.index', '.bloom'].map((suffix) => ({ do: 'gzip', matching: suffix })),
  },
  'zip in tar': {
    folders: 'dated',
    packs: (runs, random) => [
      ...runs.map((run) => ({ do: 'pack-zip', folder: run, to: `${run}.zip`, level: level(random) })),
      tarAll(random),
    ],
    target: 'backup.tar',
  },
  'tar.gz in zip': {
    folders: 'dated',
    packs: (runs, random) => [
      ...runs.flatMap((run): Step[] => [
        { do: 'pack-tar', folder: run, to: `${run}.tar`, style: style(random) },
        { do: 'gzip', matching: `${run}.tar` },
      ]),
      zipAll(random),
    ],
  },
};

/** The tree of a base before anything is done to it. */
export function layOut(base: Base, folders: Recipe['folders']): BackupTree {
  const tree: BackupTree = new Map();
  for (const [place, run] of base.runs.entries()) {
    // Of a log what was copied last counts alone.
    if (folders === 'plain') for (const path of filesOf(tree, /^log\//)) tree.delete(path);
    for (const [path, entry] of run) tree.set(folders === 'plain' ? path : `run-${place + 1}/${path}`, entry);
  }
  return tree;
}

/** Cooks: the input that a recipe stands for. Fails on a base or a step that nobody knows. */
export async function cook(recipe: Recipe, bases: Bases): Promise<BackupTree> {
  const tree = layOut(baseOf(recipe.base, bases), recipe.folders);
  for (const step of recipe.steps) await applyStep(tree, step, bases);
  return tree;
}

/** A base in a layout, unharmed. */
export function soundRecipe(seed: number, base: Base, layout: string): Recipe {
  const { folders, packs, target = '' } = layouts[layout] ?? {};
  if (folders === undefined || packs === undefined) throw new Error(`there is no layout ${layout}`);
  const runs = base.runs.map((_, place) => `run-${place + 1}`);
  return { seed, base: base.name, folders, steps: packs(runs, new RandomStream(seed, layout)), target };
}

/** A recipe, and what comes of it. */
export interface Cooked {
  readonly recipe: Recipe;
  readonly tree: BackupTree;
}

/** One input, the same for the same seed and number. It is made on the way, since each step is chosen for what there is. */
export async function drawInput(seed: number, number: number, bases: Bases): Promise<Cooked> {
  const random = new RandomStream(seed, `input ${number}`);
  const base = pick(random, [...bases.values()]);
  const { folders, packs, target = '' } = pick(random, Object.values(layouts));
  const runs = base.runs.map((_, place) => `run-${place + 1}`);
  const packing = packs(runs, random);
  const tree = layOut(base, folders);
  const steps: Step[] = [];
  const take = async (step: Step): Promise<void> => {
    steps.push(step);
    await applyStep(tree, step, bases);
  };
  const count = pick(random, [1, 1, 1, 2, 2, 3, 4]);
  // Before which of the packing steps each is done; behind the last one where it is as many.
  const places = Array.from({ length: count }, () => random.integer(0, packing.length)).toSorted((a, b) => a - b);
  for (let place = 0; place <= packing.length; place++) {
    for (const due of places) {
      const step = due === place ? drawStep(tree, random, bases) : null;
      if (step !== null) await take(step);
    }
    const pack = packing[place];
    if (pack !== undefined) await take(pack);
  }
  // Whoever names what is not there, or the whole disk, has mistyped it.
  const given = fileAt(tree, target) !== null && random.fraction() < 0.5 ? target : '';
  return { recipe: { seed, base: base.name, folders, steps, target: given }, tree };
}

const weighted = mutatorKinds.flatMap(([weight, kind]) => Array.from({ length: weight }, () => kind));

function drawStep(tree: BackupTree, random: RandomStream, bases: Bases): Step | null {
  // Most kinds have nothing to do in most layouts: a few tries find one that has.
  for (let tries = 0; tries < 8; tries++) {
    const { name, draw } = pick(random, pick(random, weighted));
    const given = draw(tree, random, bases);
    if (given !== null) return { do: name, ...given };
  }
  return null;
}

async function applyStep(tree: BackupTree, { do: name, ...given }: Step, bases: Bases): Promise<void> {
  const found = mutators.get(name);
  if (found === undefined) throw new Error(`there is no step ${name}`);
  await found.apply(tree, given, bases);
}

/** Whether something in it takes whole files away, or gives them other names: then less may be a whole backup, too. */
export function takesAway({ steps }: Recipe): boolean {
  return steps.some(({ do: name, ...given }) => {
    const found = mutators.get(name)?.takesAway ?? false;
    return typeof found === 'function' ? found(given) : found;
  });
}

/** All whose files may be in an input. */
export function basesIn({ base, steps }: Recipe, bases: Bases): Base[] {
  const names = new Set([base, ...steps.flatMap((step) => (step.do === 'splice' ? [String(step['base'])] : []))]);
  return [...names].map((name) => baseOf(name, bases));
}

function baseOf(name: string, bases: Bases): Base {
  const base = bases.get(name);
  if (base === undefined) throw new Error(`there is no base ${name}`);
  return base;
}
