import * as fs from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A browser for tests keeps to itself: it looks for no updates, and whatever is not this machine has no address. */
const quietly = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]',
];

/** Where a Chromium is: `CHROMIUM_PATH`, or one of the usual places; null where there is none. */
export function findChromium(environment: Readonly<Record<string, string | undefined>>): string | null {
  return placesToLookAt(environment).find((place) => fs.existsSync(place)) ?? null;
}

/** Whether a machine without a Chromium is a mistake: on CI, and where somebody says so. */
export function isBrowserRequired(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment['CI'] === 'true' || environment['AXON_BROWSER'] === 'required';
}

/** Starts it without a window; fails with what to do where there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium(process.env);
  if (executablePath === null) {
    throw new Error(
      `No Chromium: install Debian's package chromium, or say with CHROMIUM_PATH where one is (looked at ${placesToLookAt(process.env).join(', ')})`,
    );
  }
  return chromium.launch({ executablePath, args: quietly });
}

function placesToLookAt(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const named = environment['CHROMIUM_PATH'] ?? '';
  return named === '' ? usualPlaces : [named];
}
