import { type Html, html, type Part } from './html.ts';

/** A column of a table: numbers stand one below the other. */
export interface Heading {
  readonly text: string;
  readonly isNumber?: boolean;
}

/** A table, of which the first cell of each row names the row. */
export function table(caption: string, headings: readonly Heading[], rows: readonly (readonly Part[])[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption><span>${caption}</span></caption>
<thead><tr>${headings.map(({ text, isNumber }) => html`<th scope="col"${kind(isNumber)}>${text}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell, n) => cellOf(cell, n, headings[n]))}</tr>\n`)}</tbody></table></div>`;
}

function cellOf(cell: Part, n: number, heading: Heading | undefined): Html {
  const isNumber = heading?.isNumber;
  return n === 0 ? html`<th scope="row"${kind(isNumber)}>${cell}</th>` : html`<td${kind(isNumber)}>${cell}</td>`;
}

function kind(isNumber: boolean | undefined): Html | null {
  return isNumber ? html` class="number"` : null;
}
