import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/*
 * Sources, comments, tests and pages name sections of the pages in docs/ by number. Whoever follows such a reference has to
 * find a heading with that number.
 */

const root = path.resolve(import.meta.dirname, '..');
const numbered = ['backup-endpoints', 'event-segment-format', 'newer-versions'];

/** A list of numbers as prose has it: `1.4`, `1.4 and 9`, `5.2 to 5.4`, `1, 7.4`. */
const NUMBERS = String.raw`\d+(?:\.\d+)?(?:(?:, | and | to )\d+(?:\.\d+)?)*`;
const PAGE = String.raw`(?:\[[^\]]*\]\()?(?:docs/)?(${numbered.join('|')})\.md\)?`;

/** `docs/backup-endpoints.md, sections 1.4 and 9` and, the other way round, `section 5 of docs/backup-endpoints.md`. */
const behind = new RegExp(String.raw`${PAGE},? \(?[Ss]ections? (${NUMBERS})`, 'g');
const before = new RegExp(String.raw`[Ss]ections? (${NUMBERS}) of ${PAGE}`, 'g');

/** The text with each comment's line breaks taken out, so that a reference may go over the end of a line. */
function flowing(text: string): string {
  return text.replaceAll(/\s+(?:(?:\*|\/\/) )?\s*/g, ' ').replaceAll('( ', '(');
}

function sectionsNamedIn(text: string): Array<readonly [page: string, section: string]> {
  const flow = flowing(text);
  const named = [
    ...[...flow.matchAll(behind)].map(([, page = '', numbers = '']) => [page, numbers] as const),
    ...[...flow.matchAll(before)].map(([, numbers = '', page = '']) => [page, numbers] as const),
  ];
  return named.flatMap(([page, numbers]) =>
    (numbers.match(/\d+(?:\.\d+)?/g) ?? []).map((section) => [page, section] as const),
  );
}

function headingsOf(page: string): string[] {
  const text = fs.readFileSync(path.join(root, 'docs', `${page}.md`), 'utf8');
  return [...text.matchAll(/^#+ (\d+(?:\.\d+)?)\.? /gm)].map(([, number = '']) => number);
}

/** What is no part of the sources: installed, built, or of this machine alone. */
const ignored = /^(?:node_modules|dist|coverage|\..*)$/;
const files = fs
  .readdirSync(root)
  .filter((name) => !ignored.test(name))
  .flatMap((name) => (fs.statSync(path.join(root, name)).isDirectory() ? filesBelow(name) : [name]))
  .filter((file) => /\.(?:ts|md)$/.test(file));

function filesBelow(folder: string): string[] {
  const names = fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.map((name) => path.join(folder, name));
}

test('a reference is found however it is written', () => {
  expect(sectionsNamedIn('docs/backup-endpoints.md, sections 1.4 and 9, item 3')).toEqual([
    ['backup-endpoints', '1.4'],
    ['backup-endpoints', '9'],
  ]);
  expect(sectionsNamedIn('[a page](event-segment-format.md), section 7.2')).toEqual([['event-segment-format', '7.2']]);
  expect(sectionsNamedIn('sections 8.3 and 1 of docs/event-segment-format.md')).toHaveLength(2);
  expect(sectionsNamedIn(' * (docs/newer-versions.md,\n * section 6).')).toEqual([['newer-versions', '6']]);
});

test('each section of a page of docs/ that a file names is a heading of that page', () => {
  const headings = new Map(numbered.map((page) => [page, headingsOf(page)]));
  const named = files.flatMap((file) =>
    sectionsNamedIn(fs.readFileSync(path.join(root, file), 'utf8')).map(([page, section]) => ({ file, page, section })),
  );
  expect(named.length).toBeGreaterThan(200);
  expect(named.filter(({ page, section }) => headings.get(page)?.includes(section) !== true)).toEqual([]);
});

test('no heading of such a page has the number of another', () => {
  for (const page of numbered) {
    const found = headingsOf(page);
    expect(found.length).toBeGreaterThan(5);
    expect([page, new Set(found).size]).toEqual([page, found.length]);
  }
});

/* A page linked a file by the name that it had before it was moved. */
test('every link of a page to a file of the project leads to one', () => {
  const pages = ['.', 'docs', 'server', 'conformance', 'fixtures', 'h2', 'folders', 'timeline', 'test'].flatMap(
    (folder) =>
      fs
        .readdirSync(path.join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .map((name) => path.join(folder, name)),
  );
  const broken = pages.flatMap((page) => {
    const text = fs.readFileSync(path.join(root, page), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#)(?<target>[^)#\s]+)/g)].map(
      ({ groups }) => groups?.['target'] ?? '',
    );
    return targets
      .filter((target) => !fs.existsSync(path.join(root, path.dirname(page), target)))
      .map((target) => `${page} → ${target}`);
  });
  expect(pages.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});
