import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { behaviours, behaviourTable, serverVersions, type ServerVersion } from '../../server/versions/behaviours.ts';
import { differences } from '../../server/versions/differences.ts';
import { formatVersionsPage } from '../../server/versions/versions-page.ts';

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
    const columnOf = (version: ServerVersion) => ({ ...behaviours[version], reportedVersion: '' });
    const columns = serverVersions.map((version) => JSON.stringify(columnOf(version)));
    expect(new Set(columns).size).toBe(serverVersions.length);
  });

  test('says of each version without a source what is known of it, and of nothing that it was read or recorded', () => {
    for (const { cells } of Object.values(behaviourTable)) {
      for (const version of ['2024.2', '2025.2', '2026.0'] as const) {
        expect(['database', 'manual', 'inferred', 'unknown']).toContain(cells[version].certainty);
        expect(cells[version].source).toMatch(/^docs\/newer-versions\.md/);
      }
    }
    expect(behaviourTable.listingOrder.cells['2024.2']).toMatchObject({ value: 'ascending', certainty: 'unknown' });
    expect(behaviourTable.controlDbFile.cells['2026.0']).toMatchObject({ certainty: 'database' });
  });
});
