/** What a report says in numbers, read as a screen reader would find it: by roles, names and terms. */
import type { Locator, Page } from 'playwright-core';

export interface ColumnOnPage {
  readonly name: string;
  readonly filled: string;
  readonly distinct: number;
  /** Values with their rows; where each stands once, some of the values. */
  readonly frequent: readonly (readonly [value: string, rows: number])[];
  /** Rows in the parts of its range; empty where it has no histogram. */
  readonly spread: readonly number[];
}

export async function columnsOn(page: Page): Promise<readonly ColumnOnPage[]> {
  return Promise.all((await page.getByRole('article').all()).map(columnOn));
}

async function columnOn(article: Locator): Promise<ColumnOnPage> {
  const [filled, distinct] = await Promise.all(['Filled', 'Values'].map((term) => definition(article, term)));
  return {
    name: await article.getByRole('heading').innerText(),
    filled: filled?.replace(/^\S+ /, '') ?? '',
    distinct: numberIn(distinct ?? ''),
    frequent: await frequentOn(article),
    spread: await spreadOn(article),
  };
}

async function definition(within: Locator, term: string): Promise<string> {
  return within
    .locator('dl > div', { has: within.page().getByText(term, { exact: true }) })
    .locator('dd')
    .innerText();
}

async function frequentOn(article: Locator): Promise<ColumnOnPage['frequent']> {
  const rows = await tableRows(article.getByRole('table'));
  if (rows.length > 0) return rows.map(([value = '', count = '']) => [value, numberIn(count)]);
  return (await article.getByRole('listitem').allInnerTexts()).map((value) => [value, 1]);
}

async function spreadOn(article: Locator): Promise<readonly number[]> {
  const pictures = await article.getByRole('img', { name: 'equal parts of the range' }).all();
  const names = await Promise.all(pictures.map((picture) => picture.getAttribute('aria-label')));
  return names.flatMap((name) => (name ?? '').replace(/^.*: /, '').split(', ').map(Number));
}

/** The cells of the rows of a table, without its headings; none where there is no such table. */
export async function tableRows(table: Locator): Promise<readonly (readonly string[])[]> {
  const rows = await table.locator('tbody').getByRole('row').all();
  return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
}

/** The counts below the headline, by what they count. */
export async function glanceOn(page: Page): Promise<Readonly<Record<string, number>>> {
  const items = await page.getByRole('list', { name: 'At a glance' }).getByRole('listitem').allInnerTexts();
  return Object.fromEntries(items.map((text) => [text.replace(/^\S+\s+/, ''), numberIn(text)]));
}

/** The first number of a text. */
export function numberIn(text: string): number {
  return Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', ''));
}
