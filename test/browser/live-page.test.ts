import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Simulator } from '../../server/index.ts';
import { formatCountdown } from '../../server/page/virtual-time.ts';
import { closeBrowserAfterAll, describeInBrowser, openPage } from '../support/browser.ts';
import { stillSimulator, urlOf } from '../support/simulator.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

closeBrowserAfterAll();

/** Waits until the page shows this value at that place. */
async function showsValue(page: Page, cell: string, value: string | number): Promise<void> {
  const exactly = new RegExp(`^${String(value).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);
  await page.locator(`[data-cell="${cell}"]`, { hasText: exactly }).waitFor({ state: 'attached' });
}

async function showsConnection(page: Page, text: string): Promise<void> {
  await page.locator('#connection', { hasText: text }).waitFor();
}

/** As the page writes a number. */
function figure(value: number | bigint | null | undefined): string {
  return value === null || value === undefined ? 'none' : BigInt(value).toLocaleString('en');
}

function eventsOf(simulator: Simulator) {
  const store = simulator.state().nodes[0]?.contexts['default']?.EVENT;
  if (store === undefined) throw new Error('node-1 has no events');
  return store;
}

describeInBrowser('the live page', () => {
  test('shows a segment that closes after a click on Advance', async () => {
    const simulator = await stillSimulator();
    const { page } = await openPage(urlOf(simulator));
    await showsValue(page, 'node-1 default EVENT closed', 0);
    await simulator.control.append('default', { transactions: 40 });
    await showsValue(page, 'node-1 default EVENT next token', 40);
    await page.getByLabel('By', { exact: true }).fill('1m');
    await page.getByRole('button', { name: 'Advance', exact: true }).click();
    await page.locator('#happenings', { hasText: 'default EVENT: segment 0 closed' }).waitFor();
    const { closedSegments, openSegment } = eventsOf(simulator);
    expect(closedSegments.count).toBeGreaterThan(1);
    await showsValue(page, 'node-1 default EVENT closed', figure(closedSegments.count));
    await showsValue(page, 'node-1 default EVENT last closed', figure(closedSegments.last));
    await showsValue(page, 'node-1 default EVENT open', figure(openSegment));
    await showsValue(page, 'now', '2024-01-01 00:01:00');
  });

  test('shows where every node, group and store stands', async () => {
    const simulator = await stillSimulator({ nodes: 3, contexts: ['default', 'orders'], seed: 7 });
    await simulator.control.append('orders', { transactions: 5, type: 'SNAPSHOT' });
    await simulator.clock.advance(42 * 60_000);
    await simulator.control.stop('node-3');
    const { page } = await openPage(urlOf(simulator));
    const { nodes, now } = simulator.state();
    for (const { name, groups, contexts, state } of nodes) {
      await showsValue(page, `${name} state`, state);
      for (const [group, member] of Object.entries(groups)) {
        await showsValue(page, `${name} ${group} last`, figure(member.lastIndex));
        await showsValue(page, `${name} ${group} commit`, figure(member.commitIndex));
        await showsValue(page, `${name} ${group} applied`, figure(member.appliedIndex));
        await showsValue(page, `${name} ${group} leader`, member.isLeader ? '★ leader' : '');
        await showsValue(page, `${name} ${group} cleaning`, formatCountdown(now, member.nextCleaning ?? ''));
      }
      for (const [context, stores] of Object.entries(contexts)) {
        await showsValue(page, `${name} ${context} SNAPSHOT next token`, String(stores.SNAPSHOT.nextToken));
      }
    }
    expect(nodes.map(({ state }) => state)).toEqual(['running', 'running', 'stopped']);
    await showsValue(page, 'seed', 7);
    await showsValue(page, 'speed', 'stands still');
  });

  test('shows the requests of before and those that come, of every node, and no token', async () => {
    const simulator = await stillSimulator({ nodes: 2, token: 'secret' });
    await fetch(`${urlOf(simulator, 1)}/v1/backup/filenames?type=EVENT&AxonIQ-Access-Token=secret`);
    const { page } = await openPage(urlOf(simulator));
    const rows = page.locator('#requests tr');
    await rows.filter({ hasText: 'node-2GET /v1/backup/filenames?type=EVENT&AxonIQ-Access-Token=***200' }).waitFor();
    await fetch(`${urlOf(simulator)}/v1/public/me`);
    await rows.filter({ hasText: 'node-1GET /v1/public/me401' }).waitFor();
    expect(await rows.count()).toBe(2);
    expect(await page.content()).not.toContain('secret');
  });

  test('has the timeline of a node, drawn anew as time passes', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    const { page } = await openPage(urlOf(simulator));
    const picture = page.locator('#timeline img');
    await picture.waitFor();
    const isDrawn = 'document.querySelector("#timeline img").naturalWidth >= 640';
    expect(await page.evaluate(isDrawn)).toBe(true);
    await simulator.clock.advance(3_600_000);
    await page.locator('#timeline img[src*="at=2024-01-01T01:00:00"]').waitFor();
    await page.locator('.timeline').getByLabel('Node', { exact: true }).selectOption('node-2');
    await page.getByLabel('Past', { exact: true }).selectOption('a day');
    const path = '/_sim/nodes/node-2/timeline.svg?window=1d';
    await page.locator(`#timeline img[src^="${path}"]`).waitFor();
    expect(await page.evaluate(isDrawn)).toBe(true);
    expect(await picture.getAttribute('alt')).toContain('Timeline of node-2 over a day');
    expect(await page.getByRole('link', { name: 'on its own' }).getAttribute('href')).toBe(path);
  });

  test('lets the lists stand still for somebody to read them, and then goes on', async () => {
    const simulator = await stillSimulator();
    const { page } = await openPage(urlOf(simulator));
    await showsConnection(page, 'live');
    const hold = page.getByRole('button', { name: 'Hold still' });
    await hold.click();
    await fetch(`${urlOf(simulator)}/v1/public/me`);
    await simulator.control.append('default', { transactions: 3 });
    // The request was told of before the append, whose effect shows elsewhere.
    await showsValue(page, 'node-1 default EVENT next token', 3);
    expect(await page.locator('#requests tr').count()).toBe(0);
    await hold.click();
    await page.locator('#requests tr').waitFor();
  });

  test('outlives the server, and shows what the next one has', async () => {
    const dataDir = temporaryFolder();
    const first = await stillSimulator({ dataDir });
    const { page, expectTrouble } = await openPage(urlOf(first));
    expectTrouble(/net::ERR_(?:CONNECTION|INCOMPLETE|EMPTY|SOCKET)/);
    await showsConnection(page, 'live');
    await first.close();
    await showsConnection(page, 'connection lost, trying again');
    const second = await stillSimulator({ dataDir, port: Number(new URL(urlOf(first)).port) });
    await second.control.append('default', { transactions: 12 });
    await showsConnection(page, 'live');
    await showsValue(page, 'node-1 default EVENT next token', 12);
    await fetch(`${urlOf(second)}/v1/public/me`);
    await page.locator('#requests tr', { hasText: '/v1/public/me' }).waitFor();
    await page.getByRole('button', { name: 'Advance', exact: true }).click();
    await showsValue(page, 'now', '2024-01-01 00:31:00');
  });

  test('begins anew with a cluster that has gone back to its beginning', async () => {
    const simulator = await stillSimulator();
    await simulator.clock.advance(3_600_000);
    const { page } = await openPage(urlOf(simulator));
    await fetch(`${urlOf(simulator)}/v1/public/me`);
    await page.locator('#requests tr').waitFor();
    await simulator.control.reset();
    await showsValue(page, 'now', '2024-01-01 00:00:00');
    await page.getByText('None yet. Ask for a backup').waitFor();
  });

  test('keeps up with a busy cluster: it shows the newest of a flood, and asks for little', async () => {
    const simulator = await stillSimulator({ nodes: 2, segmentSizeBytes: 8192 });
    const { page } = await openPage(urlOf(simulator));
    await showsConnection(page, 'live');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    let events = 0;
    simulator.onEvent(() => events++);
    for (let round = 0; round < 10; round++) {
      await simulator.control.append('default', { transactions: 1000 });
      await Promise.all(Array.from({ length: 50 }, () => fetch(`${urlOf(simulator, 1)}/v1/public/me?round=${round}`)));
      await simulator.clock.advance(60_000);
    }
    await fetch(`${urlOf(simulator)}/v1/public/me?the-last`);
    await page.locator('#requests tr', { hasText: 'the-last' }).first().waitFor();
    await showsValue(page, 'node-1 default EVENT next token', '10,000');
    await showsValue(page, 'node-1 default EVENT closed', figure(eventsOf(simulator).closedSegments.count));
    expect(await page.locator('#requests tr').count()).toBe(200);
    expect(await page.locator('#happenings tr').count()).toBe(200);
    expect(events).toBeGreaterThan(2000);
    expect(asked.length).toBeLessThan(events / 20);
    // Whoever clicks is still heard.
    await page.getByRole('button', { name: 'Advance', exact: true }).click();
    await showsValue(page, 'now', '2024-01-01 00:41:00');
  });

  test('in every size, by day and by night, shows a full disk, large figures, the past and the present, and has no barrier', async () => {
    const simulator = await stillSimulator({
      nodes: 3,
      token: 'secret',
      rate: 1,
      maxDiskBytes: 3_000_000,
      segmentSizeBytes: 65_536,
      logSegmentSizeBytes: 16_384,
      contexts: ['default', 'orders'],
      firstTokens: { default: '9007199254740993', orders: '1234567' },
    });
    await simulator.control.append('default', { transactions: 40 });
    await simulator.control.crash('node-2');
    // Less than an hour: cleaning the log makes room again.
    await simulator.clock.advance(50 * 60_000);
    simulator.control.planFaults([{ match: { path: '/v1/*' }, do: { status: 503 } }]);
    await fetch(`${urlOf(simulator)}/v1/public/me`);
    const { page, findBarriers } = await openPage(urlOf(simulator));
    // What was before the page was opened.
    await page.locator('#requests tr').waitFor();
    await page.locator('#happenings tr', { hasText: 'node-2crashed' }).waitFor();
    await page.locator('#happenings tr', { hasText: 'the workload pauses' }).waitFor();
    for (const cell of ['disk', 'workload']) {
      await page.locator(`[data-cell="${cell}"].alarm`, { hasText: /^(?:full|paused): / }).waitFor();
    }
    await showsValue(page, 'node-1 default EVENT next token', figure(eventsOf(simulator).nextToken));
    expect(eventsOf(simulator).nextToken).toBeGreaterThan(2n ** 53n);
    await page.locator('#timeline img').waitFor();
    const closed = page.locator('details:not([open]) > summary');
    while ((await closed.count()) > 0) await closed.first().click();
    await page.locator('.spent', { hasText: 'fired 1 of 1: used up' }).waitFor();
    const colourOf = (label: string): Promise<string> =>
      page.evaluate(
        `getComputedStyle([...document.querySelectorAll('button')].find((each) => each.textContent === '${label}')).backgroundColor`,
      );
    for (const viewport of [
      { width: 1280, height: 900 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(viewport);
      // Figures stay in their cards, and the page in the window.
      const tooWide = await page.evaluate(
        `[document.documentElement, ...document.querySelectorAll('.card, .card dd')].filter((each) => each.scrollWidth > each.clientWidth && each.clientWidth > 0).length`,
      );
      expect({ viewport, tooWide }).toEqual({ viewport, tooWide: 0 });
      // The picture of the window before would do for its width in this one.
      await page.locator(`#timeline img[width${viewport.width === 390 ? '="480"' : '^="8"'}]`).waitFor();
      // The plane of the timeline, now with it, ends at the edge of the window and not behind it.
      const beyond = await page.evaluate(
        `document.querySelector('#timeline').scrollWidth - document.querySelector('#timeline').clientWidth - document.querySelector('#timeline').scrollLeft`,
      );
      expect(Math.round(Number(beyond))).toBeLessThanOrEqual(1);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await colourOf('Reset')).toBe(await colourOf('Crash'));
        expect(await colourOf('Reset')).not.toBe(await colourOf('Stop'));
        expect({ viewport, colorScheme, barriers: await findBarriers() }).toEqual({
          viewport,
          colorScheme,
          barriers: [],
        });
      }
    }
  });
});
