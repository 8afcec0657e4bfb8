import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { makeBases, type Bases } from './bases.ts';
import { judge } from './judge.ts';
import { readAsVerifyDoes } from './reader-under-test.ts';
import { basesIn, cook, takesAway, type Recipe } from './recipe.ts';
import { quietSurroundings } from './surroundings.ts';
import { writeTree } from './write-tree.ts';

/* What the fuzz target has found, each with its story, played again. */

const folder = path.join(import.meta.dirname, 'corpus');

let made: Promise<Bases> | null = null;

const recipes = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as Recipe] as const);

test.each(recipes)('%s no longer fails', async (_name, recipe) => {
  expect(recipe).toMatchObject({ seed: 1, story: expect.any(String) });
  const bases = await (made ??= makeBases(1));
  const input = path.join(temporaryFolder(), 'input');
  writeTree(input, await cook(recipe, bases));
  const known = { bases: basesIn(recipe, bases), takesAway: takesAway(recipe) };
  const { failures } = await judge(readAsVerifyDoes, path.join(input, recipe.target), known, quietSurroundings());
  expect(failures).toEqual([]);
});
