import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Page, Request, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import type { NodeState, Simulator } from '../../server/index.ts';
import { controls } from '../../server/page/controls.ts';
import { closeBrowserAfterAll, describeInBrowser, openPage } from '../support/browser.ts';
import { curlArgumentsOf } from '../support/shell-words.ts';
import { growSegments, nodeOf, stillSimulator, urlOf } from '../support/simulator.ts';

closeBrowserAfterAll();

/** One control of an open page, by its title. */
async function openControl(page: Page, title: string) {
  const details = page
    .locator('details')
    .filter({ has: page.locator('summary', { hasText: new RegExp(`^${title}$`) }) });
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  // Until the page knows the cluster there is nothing to press, and no curl line to read.
  await details.locator('.line:enabled').first().waitFor();
  const button = (label: string) => details.getByRole('button', { name: label, exact: true });
  return {
    field: (label: string) => details.getByLabel(label, { exact: true }),
    button,
    /** Clicks and waits for the answer: what stands on the page then. */
    async press(label: string): Promise<string> {
      await button(label).click();
      const answer = details.locator('output', { hasText: new RegExp(`^${label}: (done|refused|no answer)`) });
      await answer.waitFor();
      return (await answer.textContent()) ?? '';
    },
    curlLine: async (label: string): Promise<string> =>
      (await details
        .locator('.line')
        .filter({ has: page.getByRole('button', { name: label, exact: true }) })
        .locator('code')
        .textContent()) ?? '',
  };
}

/** What the page asks for by itself, to show it. */
function isOfPage(request: Request): boolean {
  return request.method() === 'GET' && new URL(request.url()).pathname.startsWith('/_sim/');
}

function nodeNamed(simulator: Simulator, name: string): NodeState {
  const node = simulator.state().nodes.find((each) => each.name === name);
  if (node === undefined) throw new Error(`There is no ${name}`);
  return node;
}

describeInBrowser('a control of the live page', () => {
  test('Advance moves the clock, by click and by the Enter key', async () => {
    const simulator = await stillSimulator();
    const { page } = await openPage(urlOf(simulator));
    const time = await openControl(page, 'Time');
    await time.field('By').fill('90s');
    expect(await time.press('Advance')).toContain('"now": "2024-01-01T00:01:30.000Z"');
    expect(simulator.clock.nowMs).toBe(Date.UTC(2024, 0, 1, 0, 1, 30));
    await time.field('By').press('Enter');
    await page.locator('output', { hasText: '00:03:00' }).waitFor();
    expect(simulator.clock.nowMs).toBe(Date.UTC(2024, 0, 1, 0, 3));
  });

  test('Append writes as many events as it says, and Roll closes the segment', async () => {
    const simulator = await stillSimulator({ contexts: ['default', 'orders'], segmentSizeBytes: 65_536 });
    const { page } = await openPage(urlOf(simulator));
    const events = await openControl(page, 'Events');
    await events.field('Context').selectOption('orders');
    await events.field('Type').selectOption('SNAPSHOT');
    await events.field('Transactions').fill('7');
    await events.field('Events in each').fill('2');
    await events.press('Append');
    const store = () => nodeNamed(simulator, 'node-1').contexts['orders']?.SNAPSHOT;
    expect(store()).toMatchObject({ nextToken: 14, closedSegments: { count: 0 } });
    await events.press('Roll');
    expect(store()).toMatchObject({ nextToken: 14, closedSegments: { count: 1, last: 0 }, openSegment: 14 });
  });

  test('a value that cannot be is not sent, and one that the server refuses is answered with its words', async () => {
    const simulator = await stillSimulator();
    const { page, expectTrouble } = await openPage(urlOf(simulator));
    expectTrouble(/status of 400/);
    const events = await openControl(page, 'Events');
    await events.field('Transactions').fill('0');
    await events.button('Append').click();
    expect(
      await events.field('Transactions').evaluate((input) => 'validity' in input && input.matches(':invalid')),
    ).toBe(true);
    const time = await openControl(page, 'Time');
    await time.field('By').fill('soon');
    expect(await time.press('Advance')).toMatch(/^Advance: refused, 400 in \d+ ms"soon" is not a duration/);
    expect(nodeNamed(simulator, 'node-1').contexts['default']?.EVENT.nextToken).toBe(0);
    expect(simulator.clock.nowMs).toBe(Date.UTC(2024, 0, 1));
  });

  test('Backup asks for the control database, the log and the events, as a client does', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    await simulator.control.append('default', { transactions: 40 });
    await simulator.clock.advance(60_000);
    const { page } = await openPage(urlOf(simulator, 1));
    const backup = await openControl(page, 'Backup');
    expect(await backup.press('1 Control database')).toMatch(/controldb\d+\.zip/);
    await backup.field('Replication group').selectOption('_admin');
    expect(await backup.press('2 Log files')).toContain('/log/_admin/00000000000000000001.log');
    await backup.field('Last closed segment backed up').fill('0');
    expect(await backup.press('3 Event files')).toContain('"lastClosedSegment"');
    const seen = simulator.journal.map(({ node, method, path, query, status }) => [node, method, path, query, status]);
    expect(seen).toEqual([
      ['node-2', 'POST', '/v1/backup/createControlDbBackup', {}, 200],
      ['node-2', 'GET', '/v1/backup/log/filenames', { context: '_admin' }, 200],
      [
        'node-2',
        'GET',
        '/v1/backup/eventstore',
        { type: 'EVENT', targetContext: 'default', lastClosedSegmentBackedUp: '0' },
        200,
      ],
    ]);
    expect(await page.locator('#requests tr').count()).toBe(3);
  });

  test('Backup sends the token where access control is on, and keeps it to itself', async () => {
    const simulator = await stillSimulator({ token: 'my-secret' });
    const { page, expectTrouble } = await openPage(urlOf(simulator));
    expectTrouble(/status of 401/);
    const backup = await openControl(page, 'Backup');
    expect(await backup.press('1 Control database')).toMatch(/^1 Control database: refused, 401/);
    await backup.field('Access token').fill('my-secret');
    expect(await backup.press('1 Control database')).toMatch(/^1 Control database: done, 200/);
    expect(await backup.curlLine('1 Control database')).toContain('-H "AxonIQ-Access-Token: $AXONSERVER_TOKEN"');
    expect(await page.content()).not.toContain('my-secret');
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])')).toBe(
      JSON.stringify([{}, {}, '', `${urlOf(simulator)}/`]),
    );
  });

  test('Clean cuts the log of one node', async () => {
    const simulator = await stillSimulator({ nodes: 2, logSegmentSizeBytes: 4096 });
    await simulator.control.append('default', { transactions: 100 });
    await simulator.clock.advance(60_000);
    const { page } = await openPage(urlOf(simulator));
    const log = await openControl(page, 'Log');
    await log.field('Node').selectOption('node-2');
    await log.field('Replication group').selectOption('default');
    await log.press('Clean');
    expect(nodeNamed(simulator, 'node-2').groups['default']?.firstIndex).toBeGreaterThan(1);
    expect(nodeNamed(simulator, 'node-1').groups['default']?.firstIndex).toBe(1);
  });

  test('Stop, Crash and Start do that to a node, and the page shows it', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    const { page } = await openPage(urlOf(simulator));
    const happened: string[] = [];
    simulator.onEvent(({ kind }) => {
      if (kind.startsWith('node-')) happened.push(kind);
    });
    const control = await openControl(page, 'Nodes');
    await control.field('Node').selectOption('node-2');
    const badge = page.locator('[data-cell="node-2 state"]');
    for (const [button, state] of [
      ['Stop', 'stopped'],
      ['Start', 'running'],
      ['Crash', 'stopped'],
      ['Start', 'running'],
    ] as const) {
      await control.press(button);
      expect(nodeNamed(simulator, 'node-2').state).toBe(state);
      await badge.filter({ hasText: state }).waitFor();
      // A node that comes and goes must not change what is chosen.
      expect(await control.field('Node').inputValue()).toBe('node-2');
    }
    expect(happened).toEqual(['node-stopped', 'node-started', 'node-crashed', 'node-started']);
  });

  test('Let it lag keeps a node behind', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    const { page } = await openPage(urlOf(simulator));
    const control = await openControl(page, 'Nodes');
    await control.field('Node').selectOption('node-3');
    await control.field('Lag').fill('1h');
    await control.press('Let it lag');
    await simulator.control.append('default', { transactions: 5 });
    await simulator.clock.advance(60_000);
    const tokens = simulator.state().nodes.map(({ contexts }) => contexts['default']?.EVENT.nextToken);
    expect(tokens).toEqual([5, 5, 0]);
  });

  test('Plan has a fault strike, and Forget ends that', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    const { page } = await openPage(urlOf(simulator));
    const faults = await openControl(page, 'Faults');
    await faults.field('Node').selectOption('node-2');
    await faults.field('What happens').selectOption('answer with another body');
    expect(await faults.field('Status, duration, bytes or body').inputValue()).toBe('[]');
    await faults.field('What happens').selectOption('answer with a status');
    await faults.field('Status, duration, bytes or body').fill('500');
    await faults.field('Times').fill('3');
    await faults.press('Plan');
    const listing = '/v1/backup/filenames?type=EVENT';
    expect((await fetch(urlOf(simulator, 0) + listing)).status).toBe(200);
    expect((await fetch(urlOf(simulator, 1) + listing)).status).toBe(500);
    await page.getByText('status 500 at /v1/backup/* on node-2: fired 1 of 3').waitFor();
    await page.locator('#requests tr', { hasText: 'status 500' }).waitFor();
    await faults.press('Forget');
    expect((await fetch(urlOf(simulator, 1) + listing)).status).toBe(200);
    await page.getByText('fired 1 of 3').waitFor({ state: 'detached' });
  });

  test.each([
    ['hold the answer back', { delay: '5s' }],
    ['break the connection off', { reset: true }],
    ['cut the body off after bytes', { truncateAt: 100 }],
    ['cut the body: half, last-byte', { cut: 'half' }],
    ['answer with another body', { body: '[]' }],
  ])('Plan knows how to %s', async (choice, action) => {
    const simulator = await stillSimulator();
    const { page } = await openPage(urlOf(simulator));
    const faults = await openControl(page, 'Faults');
    await faults.field('What happens').selectOption(choice);
    await faults.press('Plan');
    const plan = await (await fetch(`${urlOf(simulator)}/_sim/faults`)).json();
    expect(plan).toEqual({ rules: [{ match: { path: '/v1/backup/*' }, do: action, times: 1, fired: 0 }] });
  });

  test('Transform gives a segment a version, and Compact deletes the old one', async () => {
    const simulator = await stillSimulator({ serverVersion: '2023.2' });
    await growSegments(simulator);
    const { page } = await openPage(urlOf(simulator));
    const transformation = await openControl(page, 'Transformation');
    expect(await transformation.press('Transform')).toContain('done, 200');
    const store = join(nodeOf(simulator).eventsDir, 'default');
    const first = '00000000000000000000';
    expect(fs.readdirSync(store)).toEqual(expect.arrayContaining([`${first}.events`, `${first}_00001.events`]));
    expect(await transformation.press('Compact')).toContain('done, 200');
    expect(fs.readdirSync(store)).not.toContain(`${first}.events`);
  });

  test('Reset asks, does nothing where the answer is no, and goes back to the beginning where it is yes', async () => {
    const simulator = await stillSimulator();
    await simulator.control.append('default', { transactions: 9 });
    await simulator.clock.advance(3_600_000);
    const { page, findBarriers } = await openPage(urlOf(simulator));
    const control = await openControl(page, 'Beginning');
    const question = page.getByRole('dialog', { name: 'Reset?' });
    for (const refuse of [
      () => page.keyboard.press('Escape'),
      () => question.getByRole('button', { name: 'Cancel' }).click(),
    ]) {
      await control.button('Reset').click();
      await question.waitFor();
      await refuse();
      await question.waitFor({ state: 'detached' });
      expect(nodeNamed(simulator, 'node-1').contexts['default']?.EVENT.nextToken).toBe(9);
    }
    await control.button('Reset').click();
    await question.waitFor();
    expect(await findBarriers()).toEqual([]);
    await question.getByRole('button', { name: 'Reset all of it' }).click();
    await page.getByText('Reset: done').waitFor();
    expect(simulator.clock.nowMs).toBe(Date.UTC(2024, 0, 1));
    expect(nodeNamed(simulator, 'node-1').contexts['default']?.EVENT.nextToken).toBe(0);
  });

  test('shows the curl line of the very call that it makes', async () => {
    const simulator = await stillSimulator({ nodes: 2, contexts: ["it's 50% & ø"] });
    const { page, expectTrouble } = await openPage(urlOf(simulator));
    // Not every call can succeed with what stands in the fields at first.
    expectTrouble(/status of (?:409|500)/);
    for (const { title, actions } of controls) {
      for (const { label, danger } of actions) {
        const control = await openControl(page, title);
        const line = curlArgumentsOf(await control.curlLine(label));
        const called = page.waitForRequest((request) => !isOfPage(request));
        await control.button(label).click();
        if (danger?.asks !== undefined) await page.getByRole('button', { name: `${label} all of it` }).click();
        const request = await called;
        const method = request.method() === 'GET' ? [] : ['-X', request.method()];
        const body = request.postData();
        expect([label, ...line]).toEqual([
          label,
          '-s',
          ...method,
          request.url(),
          ...(body === null ? [] : ['-d', body]),
        ]);
        await page.getByText(new RegExp(`^${label}: (done|refused)`)).waitFor();
      }
    }
  });

  test('can not be pressed before the page knows whom to name in the call', async () => {
    const simulator = await stillSimulator();
    const { page } = await openPage('about:blank');
    let hold: (route: Route) => void = () => undefined;
    const held = new Promise<Route>((resolve) => (hold = resolve));
    await page.route('**/_sim/state', (route) => hold(route));
    await page.goto(urlOf(simulator));
    const route = await held;
    const advance = page.getByRole('button', { name: 'Advance', exact: true });
    expect(await advance.isDisabled()).toBe(true);
    await page.getByLabel('By', { exact: true }).press('Enter');
    expect(simulator.clock.nowMs).toBe(Date.UTC(2024, 0, 1));
    await route.continue();
    await page.unroute('**/_sim/state');
    await advance.click();
    await page.locator('output', { hasText: '00:31:00' }).waitFor();
  });

  test('copies its curl line', async () => {
    const simulator = await stillSimulator();
    const { page } = await openPage(urlOf(simulator), { permissions: ['clipboard-read', 'clipboard-write'] });
    const time = await openControl(page, 'Time');
    await time.field('By').fill('2h');
    await time.button('Copy the curl line of Advance').click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      `curl -s -X POST ${urlOf(simulator)}/_sim/clock/advance -d '{"by":"2h"}'`,
    );
  });
});
