import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { clickByKeyboard, isByKeyboard } from './by-keyboard.ts';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine (CHROMIUM_PATH first); null without one. */
function chromiumPath(): string | null {
  return [process.env['CHROMIUM_PATH'], ...places].find((path) => path !== undefined && path !== '' && existsSync(path)) ?? null;
}

/** Why a test in a browser is left out, or null when it runs. With CI=true it always runs, and fails without a browser. */
export function whyNoBrowser(): string | null {
  if (process.env['CI'] === 'true' || chromiumPath() !== null) return null;
  return 'no Chromium on this machine: install it or set CHROMIUM_PATH';
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('No Chromium: install it (apt-get install chromium) or set CHROMIUM_PATH.');
  const args = ['--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'];
  const browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? [...args, '--no-sandbox'] : args,
    timeout: 120_000,
  });
  if (isByKeyboard) await clickByKeyboard(browser);
  return browser;
}
