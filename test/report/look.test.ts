/** How reports look and are used, in a real browser: what is seen, read aloud, printed and reached by keyboard. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { isFull } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { browserOfFile, needsBrowser } from './browser.ts';
import { HOSTILE, hostile, reportAfter } from './reports.ts';

const open = browserOfFile();
const folder = mkdtempSync(join(tmpdir(), 'etl-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOG = 'data/wal.json';
const REAL_LOG = '../shared/data/wal.json';
const INSPECT = readFileSync('test/report/in-page.js', 'utf8');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is reported on, each once for all tests of it. */
const kinds: Readonly<Record<string, () => Promise<string>>> = {
  'a metric of three joins': () => reportAfter(folder, 'mappings/dashboard_metric.yaml', [[LOG]], 'joins'),
  ...(existsSync(REAL_LOG) && {
    'the real log': () => reportAfter(folder, 'mappings/dashboard_metric.yaml', [[REAL_LOG]], 'real'),
  }),
  'left joins, some without a partner': () => reportAfter(folder, 'mappings/event_journal.yaml', [[LOG]], 'left'),
  'an aggregate with windows': () => reportAfter(folder, 'mappings/daily_volume.yaml', [[LOG]], 'groups'),
  'a metric with a filter': () => reportAfter(folder, 'mappings/decline_report.yaml', [[LOG]], 'filter'),
  'rows that checks reject': () =>
    reportAfter(folder, 'mappings/retail_transactions.yaml', [['data/retail_17_03_2024.csv']], 'checks'),
  'a metric that was never run': () => reportAfter(folder, 'mappings/dashboard_metric.yaml', [], 'never'),
  'an empty metric, of an aggregate too': () => {
    const log = join(folder, 'empty.json');
    writeFileSync(log, '');
    return reportAfter(folder, 'mappings/daily_volume.yaml', [[log]], 'empty');
  },
  'many runs': () => {
    const records = readFileSync(LOG, 'utf8').replace(/,$/gm, '').split('\n').slice(1, -2);
    const logs = [200, 420, 700, 990].map((count) => {
      const log = join(folder, 'grown.json');
      return { log, text: records.slice(0, count).join('\n') };
    });
    return reportAfterGrowing('mappings/dashboard_metric.yaml', logs);
  },
  'names and values that are markup': () => {
    const { mapping, input } = hostile(folder);
    return reportAfter(folder, mapping, [[input]], 'hostile');
  },
};

async function reportAfterGrowing(mapping: string, logs: readonly { log: string; text: string }[]): Promise<string> {
  let file = '';
  for (const { log, text } of logs) {
    writeFileSync(log, text);
    file = await reportAfter(folder, mapping, [[log]], 'grown');
  }
  return file;
}

const made = new Map<string, Promise<string>>();
function reportOn(kind: string): Promise<string> {
  const file = made.get(kind) ?? kinds[kind]?.() ?? Promise.reject(new Error(kind));
  made.set(kind, file);
  return file;
}

interface Seen {
  readonly faults: readonly string[];
  /** Regions that can be scrolled sideways. */
  readonly scrolled: readonly string[];
}

function look(page: Page): Promise<Seen> {
  return page.evaluate<Seen>(INSPECT);
}

/** The rules of accessibility that are broken, each with what breaks it. */
async function brokenRules(page: Page, rules: readonly string[] | null): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const options = rules ? { runOnly: { type: 'rule', values: rules } } : {};
  const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    `axe.run(document, ${JSON.stringify(options)})`,
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

const WIDTHS = [360, 768, 1280];

/** Of these, the ones that look most unlike; the full run looks at all. */
const FEW = ['a metric of three joins', 'an aggregate with windows', 'many runs', 'names and values that are markup'];

describe.each(isFull ? Object.keys(kinds) : FEW)('a report on %s', (kind) => {
  test('is whole at every width: no text overlaps, is clipped or leaves its box', async (context) => {
    needsBrowser(context);
    const { page, faults } = await open(await reportOn(kind));
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const seen = await look(page);
      expect({ width, ...seen }).toEqual({ width, faults: [], scrolled: width < 1280 ? seen.scrolled : [] });
      tell('pages looked at');
    }
    expect(faults).toEqual([]);
  });

  test('breaks no rule of accessibility, in the dark neither', async (context) => {
    needsBrowser(context);
    const { page } = await open(await reportOn(kind));
    expect(await brokenRules(page, null)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await brokenRules(page, ['color-contrast'])).toEqual([]);
  });

  test('has one headline, its landmarks, and a link to each part', async (context) => {
    needsBrowser(context);
    const { page } = await open(await reportOn(kind));
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const) {
      expect(await page.getByRole(role).count()).toBe(1);
    }
    const links = await page.getByRole('navigation').getByRole('link').allInnerTexts();
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(links);
    expect(await page.getByRole('img', { name: 'The plan of' }).count()).toBe(1);
  });
});

test('what is looked for in a page is found there', async (context) => {
  needsBrowser(context);
  const file = join(folder, 'bad.html');
  writeFileSync(
    file,
    `<!doctype html><title>bad</title><body><h1 style="width:50px;overflow:hidden;white-space:nowrap">a long headline</h1>
<p>one</p><p style="margin-top:-35px">two</p><div style="width:2000px">wide</div>
<svg width="100" height="60"><g class="step"><rect width="40" height="20"/><text y="15">longer than its box</text></g><text x="90" y="40">out</text></svg>`,
  );
  const { page, faults } = await open(file);
  await page.setViewportSize({ width: 800, height: 600 });
  const found = (await look(page)).faults.join('\n');
  for (const fault of [
    'clipped: <h1',
    '"one" and "two" overlap',
    'the page is wider',
    'beyond its box',
    'beyond the picture',
  ])
    expect(found).toContain(fault);
  expect((await brokenRules(page, null)).join('\n')).toContain('html-has-lang');
  await page.evaluate("console.error('said')");
  expect(faults).toEqual(['console: said']);
});

test('values and names that are markup stand there as text, and nothing of them is done', async (context) => {
  needsBrowser(context);
  const { page, faults } = await open(await reportOn('names and values that are markup'));
  const text = await page.locator('body').innerText();
  for (const value of [HOSTILE[0], HOSTILE[1], HOSTILE[4]]) expect(text).toContain(value);
  expect(await page.title()).toBe('hostile, a report');
  const elements = await page.evaluate<string[]>(
    "[...new Set([...document.querySelectorAll('*')].map((e) => e.localName))]",
  );
  for (const name of ['script', 'img', 'iframe', 'object', 'form']) expect(elements).not.toContain(name);
  const handlers =
    "[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames()).filter((n) => /^on|^style$/.test(n))";
  expect(await page.evaluate(handlers)).toEqual([]);
  expect(faults).toEqual([]);
});

test('its own policy keeps a page from running and loading anything, whatever came into it', async (context) => {
  needsBrowser(context);
  const text = readFileSync(await reportOn('a metric of three joins'), 'utf8');
  const file = join(folder, 'tampered.html');
  const foreign = `<script>document.title = 'run'</script><img src="http://localhost:9/a.png" onerror="document.title = 'run'">
<p style="color: red">styled</p><link rel="stylesheet" href="http://localhost:9/a.css">`;
  writeFileSync(file, text.replace('</main>', `${foreign}</main>`));
  const { page, faults } = await open(file);
  expect(await page.title()).toBe('dashboard_metric, a report');
  const said = faults.filter((fault) => /Content Security Policy/.test(fault));
  for (const directive of ['script-src', 'img-src', 'style-src']) expect(said.join('\n')).toContain(directive);
});

test('the tab key reaches every part that can be worked with, in order, and shows where it is', async (context) => {
  needsBrowser(context);
  const { page } = await open(await reportOn('names and values that are markup'), {
    viewport: { width: 360, height: 740 },
  });
  const all = await page.evaluate<number>(
    "[...document.querySelectorAll('a[href], summary, [tabindex]')].filter((e) => e.checkVisibility()).length",
  );
  const reached: string[] = [];
  for (let n = 0; n < all; n++) {
    await page.keyboard.press('Tab');
    const [name = '', outline] = await page.evaluate<string[]>(
      '[document.activeElement.textContent, getComputedStyle(document.activeElement).outlineStyle]',
    );
    expect({ name, outline }).toEqual({ name, outline: 'solid' });
    reached.push(name);
  }
  expect(new Set(reached).size).toBe(all);
  expect(reached.slice(0, 5)).toEqual(['To the plan', 'Plan', 'Columns', 'Waiting rows', 'Runs']);
  await page.locator('summary').first().press('Enter');
  expect(await page.locator('details').first().getAttribute('open')).toBe('');
});

test('the dark has colours of its own, and paper has neither links nor a wider picture than fits', async (context) => {
  needsBrowser(context);
  const { page } = await open(await reportOn('a metric of three joins'), { viewport: { width: 700, height: 1000 } });
  const colours = () =>
    page.evaluate<string[]>("['backgroundColor', 'color'].map((n) => getComputedStyle(document.body)[n])");
  const light = await colours();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await colours();
  expect(dark.filter((colour) => light.includes(colour))).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  expect(await colours()).toEqual(['rgb(255, 255, 255)', light[1]]);
  expect(await page.getByRole('navigation').isVisible()).toBe(false);
  expect(await page.getByText('and 1 more').last().isVisible()).toBe(true);
  expect((await look(page)).faults).toEqual([]);
  expect((await page.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(10_000);
});
