import { beforeAll, expect, test } from 'vitest';
import { demonstrations } from '../../conformance/demo/catalog.ts';
import { playDemonstration } from '../../conformance/demo/play.ts';
import { formatDemoPage } from '../../conformance/reporters/demo-page.ts';
import { lostBy } from '../../conformance/reporters/demo-text.ts';
import { fixtureClients } from '../../fixtures/clients/catalog.ts';
import { closeBrowserAfterAll, describeInBrowser, openPage } from '../support/browser.ts';
import { argvOfBuilt, driverOf } from '../support/fixture-client.ts';
import { reportPageOf, writePage, type ReportPage } from '../support/report-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

closeBrowserAfterAll();

const passing = 'growth/first-backup';
const failing = 'growth/grows-between-runs';

describeInBrowser('the HTML report in a browser', () => {
  let page: ReportPage;
  beforeAll(async () => {
    page = await reportPageOf(driverOf('cursor-from-open-segment'), [
      passing,
      failing,
      'coverage/several-contexts',
      'listing/shuffled',
    ]);
  });
  const open = (options = {}) => openPage(writePage(temporaryFolder(), 'report.html', page.html), options);

  test('opens at the first failure, with nothing outside of it loaded', async () => {
    const { page: opened } = await open();
    const summary = opened.locator('summary:focus');
    await summary.waitFor();
    expect(await summary.textContent()).toContain(failing);
    const top = (await summary.boundingBox())?.y ?? Number.NaN;
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(900);
    await opened.locator('h4', { hasText: 'cursor/from-closed-segment' }).first().waitFor();
  });

  test('shows the timeline with the moment at which the rule was broken, and says it in words', async () => {
    const { page: opened } = await open();
    const picture = opened.locator(`details[id="scenario/${failing}"] svg[role=img]`);
    await picture.waitFor();
    expect(await picture.locator('title').first().textContent()).toContain(failing);
    expect(await picture.locator('desc').first().textContent()).toMatch(/broken|rule/i);
  });

  test('is used by keyboard: Enter opens a scenario that passed, and the skip link leads to what went wrong', async () => {
    const { page: opened } = await open();
    const details = opened.locator(`details[id="scenario/${passing}"]`);
    expect(await details.getAttribute('open')).toBeNull();
    await details.locator('summary').first().focus();
    await opened.keyboard.press('Enter');
    await details.locator('svg[role=img]').waitFor();
    await opened.locator('a.skip').focus();
    await opened.keyboard.press('Enter');
    expect(new URL(opened.url()).hash).toBe(`#scenario/${failing}`);
  });

  test.each(['light', 'dark'] as const)('has no serious fault of accessibility, %s', async (colorScheme) => {
    const { findBarriers } = await open({ colorScheme });
    expect(await findBarriers()).toEqual([]);
  });
});

describeInBrowser('the HTML report of several versions in a browser', () => {
  test('leads from the table of rules to the first failure of a version, and has no serious fault of accessibility', async () => {
    const { html, report } = await reportPageOf(driverOf('cursor-from-open-segment'), [failing], 'all');
    const { page: opened, findBarriers } = await openPage(writePage(temporaryFolder(), 'report.html', html));
    expect(await opened.locator('table.versions thead th').allTextContents()).toEqual([
      'Rule',
      ...report.scenarios.map(({ serverVersion }) => serverVersion),
    ]);
    await opened.locator('table.versions a', { hasText: 'cursor/from-closed-segment' }).click();
    const article = opened.locator('details[id="rule/cursor/from-closed-segment"]');
    await article.locator('p', { hasText: 'Not passed with documented in' }).locator('a').click();
    expect(new URL(opened.url()).hash).toBe(`#result/documented/${failing}/cursor/from-closed-segment`);
    expect(await findBarriers()).toEqual([]);
  });
});

describeInBrowser('a demonstration in a browser', () => {
  test('shows two timelines, and the numbers of the reports', async () => {
    const demonstration = demonstrations.find(({ id }) => id === 'open-segment-as-cursor');
    if (demonstration === undefined) throw new Error('there is no such demonstration');
    const clients = fixtureClients.map((client) => ({ ...client, argv: argvOfBuilt(client) }));
    const played = await playDemonstration(demonstration, {
      clients,
      environment: process.env,
      seed: 1,
      timeoutMs: 60_000,
    });
    const url = writePage(temporaryFolder(), 'demo.html', formatDemoPage(played));
    const { page, findBarriers } = await openPage(url);
    expect(await page.locator('svg[role=img]').count()).toBe(2);
    const row = page.locator('tr', { hasText: 'events and snapshots lost' });
    expect(await row.locator('td').allTextContents()).toEqual([
      'events and snapshots lost',
      String(lostBy(played.naive)),
      String(lostBy(played.correct)),
    ]);
    expect(lostBy(played.naive)).toBeGreaterThan(0);
    expect(await findBarriers()).toEqual([]);
  });
});
