import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { formatRulesPage } from '../../conformance/reporters/rules-page.ts';
import { rules } from '../../conformance/rules/catalog.ts';
import { scenarios } from '../../conformance/scenarios/catalog.ts';
import { behaviourTable } from '../../server/versions/behaviours.ts';
import { differences } from '../../server/versions/differences.ts';
import { fixtureClients } from '../../fixtures/clients/catalog.ts';

const page = path.resolve(import.meta.dirname, '../../docs/rules.md');
const mutants = fixtureClients.filter(({ kind }) => kind === 'mutant');
const text = formatRulesPage(rules, scenarios, mutants);

// `npm run docs` is this very test, told to write what it finds.
test('docs/rules.md is current; where it is not, `npm run docs` writes it', async () => {
  await expect(text, 'docs/rules.md is not current: npm run docs').toMatchFileSnapshot(page);
});

test('no link on the page leads nowhere', () => {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = [...text.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = '']) => anchor);
  expect(new Set(headings).size).toBe(headings.length);
  expect(links.length).toBeGreaterThan(rules.length + scenarios.length);
  expect(links.filter((link) => !headings.includes(link))).toEqual([]);
});

/** Sections of pages of docs/ that a source names: `docs/backup-endpoints.md, sections 1.4 and 9`. */
function sectionsIn(source: string): Array<readonly [string, string]> {
  return [...source.matchAll(/docs\/([a-z-]+\.md), sections? ((?:\d+(?:\.\d+)?(?:, | and | to )?)+)/g)].flatMap(
    ([, file = '', numbers = '']) => (numbers.match(/\d+(?:\.\d+)?/g) ?? []).map((number) => [file, number] as const),
  );
}

test('each source is something that a reader can open: the section of a page that it names is there', () => {
  const cells = Object.values(behaviourTable).flatMap((row) => Object.values(row.cells).map(({ source }) => source));
  const sources = [...rules.map(({ source }) => source), ...differences.map(({ source }) => source ?? ''), ...cells];
  const named = sources.flatMap(sectionsIn);
  expect(named.length).toBeGreaterThan(100);
  const folder = path.dirname(page);
  const missing = named.filter(([file, number]) => {
    const headings = fs.readFileSync(path.join(folder, file), 'utf8').match(/^#+ \d+(?:\.\d+)?/gm) ?? [];
    return !headings.some((heading) => heading.replace(/^#+ /, '') === number);
  });
  expect(missing).toEqual([]);
  expect(sources.filter((source) => /dossier|\bmodel, section|\bcontract, section/i.test(source))).toEqual([]);
});

test('each rule is promised by a scenario, and kills a mutant', () => {
  const promised = new Set(scenarios.flatMap((scenario) => scenario.rules));
  expect(rules.flatMap(({ id }) => (promised.has(id) ? [] : [id]))).toEqual([]);
  const killing = new Set(fixtureClients.map(({ killedBy }) => killedBy));
  expect(rules.flatMap(({ id }) => (killing.has(id) ? [] : [id]))).toEqual([]);
});
