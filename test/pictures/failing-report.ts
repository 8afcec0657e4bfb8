import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CommandDriver } from '../../conformance/driver/command-driver.ts';
import { reportPageOf, writePage } from '../support/report-page.ts';
import type { Picture } from './picture.ts';

/** The report on a client that copies the log last, at the scenario that is open: it shows what that costs. */
export const failingReport: Picture = {
  name: 'failing-report',
  async take(browser) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-picture-'));
    try {
      const argv = ['node', 'dist/fixtures/clients/mutants/long-event-copy-before-log.js'];
      const driver = new CommandDriver({ argv, useShell: false, environment: process.env });
      const { report, html } = await reportPageOf(driver, ['order/large-store']);
      const lost = report.scenarios.flatMap(({ loss }) => loss);
      if (lost.length === 0) throw new Error('The report does not show what is to be seen: that events are lost');
      const page = await browser.newPage({ viewport: { width: 1280, height: 960 }, colorScheme: 'light' });
      await page.goto(writePage(folder, 'report.html', html));
      const summary = page.locator('article > details[open] > summary');
      await summary.waitFor();
      await summary.evaluate((opened) => opened.scrollIntoView());
      return await page.screenshot();
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};
