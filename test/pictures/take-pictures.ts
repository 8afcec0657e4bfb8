/** `npm run pictures`: takes the pictures of the documentation anew. Needs a Chromium, and port 8024 to be free. */
import * as fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { failingReport } from './failing-report.ts';
import { livePage } from './live-page.ts';
import type { Picture } from './picture.ts';

const pictures: readonly Picture[] = [livePage, failingReport];

/** Larger ones would make everybody who clones the project pay for them. */
const MOST_BYTES = 150_000;

const folder = path.resolve('docs/pictures');
fs.mkdirSync(folder, { recursive: true });
const browser = await launchChromium();
try {
  for (const { name, take } of pictures) {
    const file = path.join(folder, `${name}.webp`);
    const bytes = await encodeWebp(browser, await take(browser));
    fs.writeFileSync(file, bytes);
    process.stdout.write(`${path.relative('.', file)}: ${bytes.length} bytes\n`);
  }
} finally {
  await browser.close();
}

/** Without loss where that is small enough: the browser is the encoder that is there anyway. */
async function encodeWebp(encoder: Browser, png: Buffer): Promise<Buffer> {
  const page = await encoder.newPage();
  for (const quality of [1, 0.9, 0.8, 0.7]) {
    const url: string = await page.evaluate(`(async () => {
      const picture = new Image();
      picture.src = 'data:image/png;base64,${png.toString('base64')}';
      await picture.decode();
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width: picture.width, height: picture.height });
      canvas.getContext('2d').drawImage(picture, 0, 0);
      return canvas.toDataURL('image/webp', ${quality});
    })()`);
    const bytes = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
    if (bytes.length <= MOST_BYTES) return bytes;
  }
  throw new Error(`A picture is larger than ${MOST_BYTES} bytes: show less in it`);
}
