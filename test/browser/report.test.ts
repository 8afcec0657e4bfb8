import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { demonstrations } from '../../conformance/demo/catalog.ts';
import { playDemonstration } from '../../conformance/demo/play.ts';
import { formatDemoPage } from '../../conformance/reporters/demo-page.ts';
import { lostBy } from '../../conformance/reporters/demo-text.ts';
import { fixtureClients } from '../../fixtures/clients/catalog.ts';
import { closeBrowserAfterAll, describeInBrowser, openPage } from '../support/browser.ts';
import { driverToPlay } from '../support/client-in-process.ts';
import { argvOfBuilt, driverOf } from '../support/fixture-client.ts';
import { reportPageOf, worstReportPage, writePage, type ReportPage } from '../support/report-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

closeBrowserAfterAll();

const passing = 'growth/first-backup';
const failing = 'growth/grows-between-runs';

const sizes = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
] as const;

/** Where the page stands: how far it is scrolled, how many screens it has, and how much wider it is than the window. */
async function placeOf(
  page: Page,
): Promise<{ readonly top: number; readonly screens: number; readonly tooWide: number }> {
  return page.evaluate(`({
    top: scrollY,
    screens: document.documentElement.scrollHeight / innerHeight,
    tooWide: Math.max(0, document.documentElement.scrollWidth - innerWidth),
  })`);
}

/** Whether all of it is within the window, without any scrolling. */
async function isInSight(page: Page, place: Locator): Promise<boolean> {
  const box = await place.boundingBox();
  const size = page.viewportSize();
  if (box === null || size === null) return false;
  return box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height;
}

describeInBrowser('the HTML report in a browser', () => {
  let failingPage: ReportPage;
  let passingPage: ReportPage;
  beforeAll(async () => {
    const only = [passing, failing, 'coverage/several-contexts', 'listing/shuffled'];
    failingPage = await reportPageOf(driverToPlay('cursor-from-open-segment', only), only);
    passingPage = await reportPageOf(driverOf('reference'), [passing, 'listing/shuffled']);
  });
  const open = ({ html }: ReportPage, options = {}) =>
    openPage(writePage(temporaryFolder(), 'report.html', html), options);

  /** Looks at one page in every size, by day and by night: what is in sight, and what axe says. */
  async function lookAt(report: ReportPage, check: (page: Page, width: number) => Promise<void>): Promise<void> {
    const { page, findBarriers } = await open(report);
    for (const viewport of sizes) {
      await page.setViewportSize(viewport);
      expect(await placeOf(page)).toMatchObject({ top: 0, tooWide: 0 });
      await check(page, viewport.width);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect({ viewport, colorScheme, barriers: await findBarriers() }).toEqual({
          viewport,
          colorScheme,
          barriers: [],
        });
      }
    }
  }

  test('has verdict, worst loss and the first cause on its first screen, and the first failure alone is open', async () => {
    await lookAt(failingPage, async (page, width) => {
      const loss = page.locator('header dd strong', { hasText: /^a restore loses \d+ events/ });
      const cause = page.locator('details.cause[open] > summary', { hasText: 'cursor/from-closed-segment' });
      for (const place of [page.locator('.verdict.fail'), loss, cause]) expect(await isInSight(page, place)).toBe(true);
      const opened = page.locator('article > details[open]');
      expect(await opened.locator('> .inside').evaluateAll((all) => all.map(({ id }) => id))).toEqual([
        `scenario/${failing}`,
      ]);
      // A finding is a row where there is room for one, and a card where there is not.
      const findings = opened.locator('.failure[open] .scroll:has(> .findings)').first();
      const [top, next] = await findings
        .locator('td')
        .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().top));
      expect(next === top).toBe(width > 600);
      const tooWide = await findings.evaluate((region) => region.scrollWidth - region.clientWidth);
      expect(width > 600 || tooWide === 0).toBe(true);
    });
  });

  test('that passed begins with that, in green, and opens nothing', async () => {
    await lookAt(passingPage, async (page) => {
      expect(await isInSight(page, page.locator('.verdict.pass', { hasText: '✓ passed' }))).toBe(true);
      expect(await page.locator('details[open]').count()).toBe(0);
    });
  });

  test('shows the timeline with the moment at which the rule was broken, and says it in words', async () => {
    const { page } = await open(failingPage);
    const picture = page.locator(`[id="scenario/${failing}"] svg[role=img]`);
    await picture.waitFor();
    expect(await picture.locator('title').first().textContent()).toContain(failing);
    expect(await picture.locator('desc').first().textContent()).toMatch(/broken|rule/i);
    // By keyboard, Enter opens a scenario that passed, and the skip link leads to what went wrong.
    const details = page.locator('article > details').filter({ has: page.locator(`[id="scenario/${passing}"]`) });
    expect(await details.getAttribute('open')).toBeNull();
    await details.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    await details.locator('svg[role=img]').waitFor();
    await page.locator('a.skip').focus();
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe(`#scenario/${failing}`);
  });

  test('of a client that fails everything has less than 3 MB and 30 screens, and a matrix whose names stay in sight', async () => {
    const worst = worstReportPage();
    expect(Buffer.byteLength(worst.html)).toBeLessThan(3_000_000);
    const { page } = await open(worst);
    for (const viewport of sizes) {
      await page.setViewportSize(viewport);
      const { screens, tooWide } = await placeOf(page);
      expect({ screens: screens < 30, tooWide }).toEqual({ screens: true, tooWide: 0 });
      await page.locator('.scroll:has(> .grid)').evaluate((region) => {
        region.scrollIntoView({ block: 'center' });
        region.scrollTo(region.scrollWidth, region.scrollHeight);
      });
      const names = [page.locator('.grid tbody th').last(), page.locator('.grid thead th').last()];
      for (const name of names) expect(await isInSight(page, name)).toBe(true);
    }
  });
});

describeInBrowser('the HTML report of several versions in a browser', () => {
  test('stands still, and leads from the table of rules to the first failure of a version', async () => {
    const { html, report } = await reportPageOf(driverToPlay('cursor-from-open-segment', [failing]), [failing], 'all');
    const { page, findBarriers } = await openPage(writePage(temporaryFolder(), 'report.html', html));
    expect(await placeOf(page)).toMatchObject({ top: 0, tooWide: 0 });
    expect(await page.locator('table.versions thead th').allTextContents()).toEqual([
      'Rule',
      ...report.scenarios.map(({ serverVersion }) => serverVersion),
    ]);
    await page.locator('table.versions a', { hasText: 'cursor/from-closed-segment' }).click();
    const article = page.locator('[id="rule/cursor/from-closed-segment"]');
    await article.locator('p', { hasText: 'Not passed with the documented server' }).locator('a').click();
    expect(new URL(page.url()).hash).toBe(`#result/documented/${failing}/cursor/from-closed-segment`);
    expect(await findBarriers()).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await placeOf(page)).toMatchObject({ tooWide: 0 });
  });
});

describeInBrowser('a demonstration in a browser', () => {
  test('shows two timelines, and the numbers of the reports', async () => {
    const demonstration = demonstrations.find(({ id }) => id === 'open-segment-closes-between-runs');
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
