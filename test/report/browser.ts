/** A real browser, driven from outside: Debian's Chromium, or what CHROMIUM names. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, type TestContext } from 'vitest';
import { isFull } from '../support/counts.ts';

const PLACES = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Null where there is none. */
export const CHROMIUM = PLACES.find((place) => place !== '' && existsSync(place)) ?? null;

/** A page that was opened, and what it did that no report may do. */
export interface Opened {
  readonly page: Page;
  /** Requests over a network, lines on the console, errors, and what the page's own policy did not allow. */
  readonly faults: readonly string[];
}

export type Open = (file: string, options?: BrowserContextOptions) => Promise<Opened>;

/** The browser of a file of tests. Says how to open a page in it; pages are closed with it. */
export function browserOfFile(): Open {
  let browser: Browser | null = null;
  beforeAll(async () => {
    // Root has no sandbox, and the pages are our own; in a container shared memory may be small.
    if (CHROMIUM)
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterAll(() => browser?.close());
  return async (file, options = {}) => {
    if (!browser) throw new Error('no browser');
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => faults.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) faults.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    return { page, faults };
  };
}

/** Leaves a test out where no browser is; the full run has one. */
export function needsBrowser({ skip }: Pick<TestContext, 'skip'>): void {
  if (CHROMIUM === null && !isFull) skip('chromium is not installed');
}
