import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { reportPageOf, writePage } from '../support/report-page.ts';
import type { Picture } from './picture.ts';

/** The report on a client that copies the log last, where it opens: at the scenario that shows what that costs. */
export const failingReport: Picture = {
  name: 'failing-report',
  async take(browser) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-picture-'));
    try {
      const { html } = await reportPageOf('long-event-copy-before-log', ['order/large-store']);
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
      await page.goto(writePage(folder, 'report.html', html));
      await page.locator('summary:focus').waitFor();
      return await page.screenshot();
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};
