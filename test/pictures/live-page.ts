import { startSimulator, type Simulator } from '../../server/index.ts';
import type { Picture } from './picture.ts';

const MINUTE_MS = 60_000;

/** The live page of a cluster that has grown for hours, in the middle of a backup that meets with trouble. */
export const livePage: Picture = {
  name: 'live-page',
  async take(browser) {
    // The port that the documentation speaks of everywhere.
    const cluster = await startSimulator({ port: 8024, speed: 0, rate: 2 });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
      await cluster.clock.advance(130 * MINUTE_MS);
      await page.goto(cluster.nodes[0]?.url ?? '');
      await page.locator('#connection', { hasText: 'live' }).waitFor();
      await live(cluster);
      await page.getByLabel('By', { exact: true }).fill('12m');
      await page.getByRole('button', { name: 'Advance', exact: true }).click();
      await page.getByText('Advance: done').waitFor();
      // Nothing moves by itself: once the page has the last state, it stays as it is.
      const { now, nodes } = cluster.state();
      await page.locator('[data-cell="now"]', { hasText: now.slice(11, 19) }).waitFor();
      const token = nodes[0]?.contexts['default']?.EVENT.nextToken.toLocaleString('en') ?? '';
      await page.locator('[data-cell="node-1 default EVENT next token"]', { hasText: token }).waitFor();
      await page.locator(`#timeline img[src*="at=${now}"]`).waitFor();
      return await page.screenshot();
    } finally {
      await cluster.close();
    }
  },
};

async function live(cluster: Simulator): Promise<void> {
  const url = cluster.nodes[0]?.url ?? '';
  const ask = async (method: string, path: string): Promise<void> => {
    await (await fetch(url + path, { method })).arrayBuffer();
    await cluster.clock.advance(20_000);
  };
  await ask('POST', '/v1/backup/createControlDbBackup');
  await ask('GET', '/v1/backup/log/filenames?context=_admin');
  await ask('GET', '/v1/backup/log/filenames?context=default');
  await cluster.control.crash('node-3');
  cluster.control.planFaults([{ match: { path: '/v1/backup/eventstore' }, do: { status: 503 } }]);
  await ask('GET', '/v1/backup/eventstore?type=EVENT&targetContext=default');
  await cluster.control.start('node-3');
  await ask('GET', '/v1/backup/eventstore?type=EVENT&targetContext=default');
  await ask('GET', '/v1/backup/eventstore?type=SNAPSHOT&targetContext=default');
}
