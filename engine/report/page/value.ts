import type { Type, Value } from '../../change.ts';
import { type Html, html } from './html.ts';

const LONGEST = 80;

/** A name, a path or an expression, which may go on in the next line behind a dot or an underscore. */
export function codeText(text: string): Html {
  const parts = text.split(/(?<=[._])/);
  return html`<code>${parts.map((part, n) => (n === 0 ? part : html`<wbr>${part}`))}</code>`;
}

/** A value as a page shows it: a text is its letters, and what has none is said in words. */
export function showValue(value: Value, type: Type | null): Html {
  if (value === null) return html`<em>NULL</em>`;
  if (value === '') return html`<em>empty text</em>`;
  return html`<code>${cut(textOf(value, type))}</code>`;
}

function textOf(value: Exclude<Value, null>, type: Type | null): string {
  if (type === 'boolean' && typeof value === 'bigint') return value === 1n ? 'true' : 'false';
  if (value instanceof Uint8Array) return Buffer.from(value.subarray(0, LONGEST)).toString('hex');
  const text = String(value);
  return text.trim() === '' ? JSON.stringify(text) : text;
}

function cut(text: string): string {
  const letters = [...text.slice(0, 2 * LONGEST)];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}\u2026` : text;
}

/** A part of a whole, so that only all of it is 100%, and only nothing 0%. */
export function share(part: number, all: number): string {
  if (part === 0 || all === 0) return '0%';
  if (part === all) return '100%';
  const percent = Math.min(99.9, Math.max(0.1, (100 * part) / all));
  return `${percent < 10 || percent > 99 ? percent.toFixed(1) : percent.toFixed(0)}%`;
}
