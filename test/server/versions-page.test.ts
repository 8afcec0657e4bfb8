import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { behaviours, behaviourTable, serverVersions } from '../../server/behaviours.ts';
import { differences } from '../../server/differences.ts';
import { formatVersionsPage } from '../../server/versions-page.ts';

const page = path.resolve(import.meta.dirname, '../../docs/server-versions.md');
const text = formatVersionsPage(behaviourTable, serverVersions, differences);

// `npm run docs` is this very test, told to write what it finds.
test('docs/server-versions.md is current; where it is not, `npm run docs` writes it', async () => {
  await expect(text, 'docs/server-versions.md is not current: npm run docs').toMatchFileSnapshot(page);
});

test('the page has each behaviour and each difference', () => {
  for (const { title } of Object.values(behaviourTable)) expect(text).toContain(title);
  for (const { subject, here, real } of differences)
    for (const each of [subject, here, real]) expect(text).toContain(each);
});

describe('the table of behaviours', () => {
  test.each(Object.entries(behaviourTable))('%s names a source for each version', (_name, { cells }) => {
    expect(Object.keys(cells)).toEqual([...serverVersions]);
    for (const { source } of Object.values(cells)) expect(source).toMatch(/^(what docs|docs|the manual|recorded)/);
  });

  test('no two versions are the same', () => {
    const columns = serverVersions.map((version) => JSON.stringify({ ...behaviours[version], reportedVersion: '' }));
    expect(new Set(columns).size).toBe(serverVersions.length);
  });
});
