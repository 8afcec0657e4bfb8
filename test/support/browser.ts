import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, describe, expect, onTestFinished } from 'vitest';
import { findChromium, isBrowserRequired, launchChromium } from './chromium.ts';

/** Names under which this machine calls itself. */
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** A page that is watched: whatever goes wrong in it fails the test, unless the test says that it expects it. */
export interface WatchedPage {
  readonly page: Page;
  /** What has gone wrong and matches is no fault: the browser reports every answer of 400 and above as an error. */
  expectTrouble(pattern: RegExp): void;
  /** Serious and critical violations of accessibility, each with the places where they are. */
  findBarriers(): Promise<string[]>;
}

/** Tests in a real browser; left out where there is none, unless there must be one. */
export const describeInBrowser = describe.skipIf(findChromium(process.env) === null && !isBrowserRequired(process.env));

let browser: Promise<Browser> | null = null;

/** Opens a page in a browser that the tests of a file share; it is closed and its faults are told with the test. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  browser ??= launchChromium();
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  // Half of what a test has, so that it says what it waited for; a busy machine takes its time.
  page.setDefaultTimeout(60_000);
  const troubles: string[] = [];
  const strays: string[] = [];
  const expected: RegExp[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== 'file:' && !loopback.has(hostname)) strays.push(request.url());
  });
  onTestFinished(async () => {
    await context.close();
    const unexpected = troubles.filter((trouble) => !expected.some((pattern) => pattern.test(trouble)));
    expect({ troubles: unexpected, leftTheMachine: strays }).toEqual({ troubles: [], leftTheMachine: [] });
  });
  await page.goto(url);
  return {
    page,
    expectTrouble: (pattern) => {
      expected.push(pattern);
    },
    findBarriers: () => findBarriers(page),
  };
}

/** Ends the browser of this file. */
export function closeBrowserAfterAll(): void {
  afterAll(async () => {
    const opened = browser;
    browser = null;
    await (await opened)?.close();
  });
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: ReadonlyArray<{ readonly target: readonly unknown[] }>;
}

async function findBarriers(page: Page): Promise<string[]> {
  // Evaluated by the browser's own tools, which a content security policy does not bind.
  await page.evaluate(axe.source);
  const violations: readonly Violation[] = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
