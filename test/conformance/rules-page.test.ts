import path from 'node:path';
import { expect, test } from 'vitest';
import { formatRulesPage } from '../../conformance/reporters/rules-page.ts';
import { rules } from '../../conformance/rules/catalog.ts';
import { scenarios } from '../../conformance/scenarios/catalog.ts';
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
