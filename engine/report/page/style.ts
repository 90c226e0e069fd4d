/** How the page looks: on paper, on a phone, by day and by night. Every colour has a name, and stands here only. */
const COLOURS = `
:root {
  color-scheme: light dark;
  --page: #f6f6f3; --card: #ffffff; --line: #dcdfe3; --faint: #eceef0;
  --text: #1c2127; --quiet: #59626d; --link: #14599d;
  --matched: #1d6fb8; --waiting: #a35c00; --null: #6a5aa8; --rejected: #b3261e;
  --way: #8fb4d8; --arrow: #3f7fbd; --side: #aab4be;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --card: #1a2027; --line: #323b45; --faint: #262e37;
    --text: #e6eaef; --quiet: #a0abb8; --link: #86bdf5;
    --matched: #6cb0f2; --waiting: #eaa646; --null: #b3a5ec; --rejected: #f2867e;
    --way: #3f658c; --arrow: #7fb0e0; --side: #5c6876;
  }
}
`;

const TEXT = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 3rem; max-width: 76rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.5 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, dl, dd, figure { margin: 0; padding: 0; }
ul { list-style: none; }
h1 { font-size: clamp(1.6rem, 1.1rem + 2.4vw, 2.5rem); line-height: 1.15; letter-spacing: -0.02em; font-weight: 650; }
h2 { font-size: 1.35rem; line-height: 1.3; letter-spacing: -0.01em; font-weight: 650; }
h3 { font-size: 1rem; line-height: 1.4; font-weight: 600; }
code { font: 0.875em/1.5 var(--mono); unicode-bidi: isolate; white-space: pre-wrap; }
h3 code, h1 code { font-size: inherit; }
em { color: var(--quiet); }
b { font-weight: 600; }
a { color: var(--link); text-underline-offset: 0.2em; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible {
  outline: 3px solid var(--link); outline-offset: 3px; border-radius: 4px;
}
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 0.5rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

const LAYOUT = `
.kind { color: var(--quiet); font-size: 0.875rem; }
.lead { margin-top: 0.6rem; max-width: 44rem; font-size: 1.125rem; color: var(--quiet); }
.glance { display: flex; flex-wrap: wrap; gap: 0.75rem 2.75rem; margin-top: 1.75rem; }
.glance li { color: var(--quiet); font-size: 0.9375rem; }
.glance b { display: block; font-size: 2rem; line-height: 1.2; letter-spacing: -0.02em; color: var(--text); }
.glance .waiting b { color: var(--waiting); }
.glance .null b { color: var(--null); }
.glance .rejected b { color: var(--rejected); }
.glance .none b { color: var(--quiet); font-weight: 400; }
.notice {
  margin-top: 1.5rem; padding: 0.75rem 1rem; border-left: 4px solid var(--waiting);
  background: var(--card); border-radius: 4px;
}
.facts {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
  gap: 0.9rem 2rem; margin-top: 1.75rem; padding-top: 1.25rem; border-top: 1px solid var(--line);
  font-size: 0.9375rem;
}
.facts dt { color: var(--quiet); font-size: 0.8125rem; }
nav { margin-top: 1.75rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; }
nav a { display: inline-block; padding: 0.35rem 0; }
section { margin-top: 3rem; }
section > h2 + p { margin-top: 0.25rem; color: var(--quiet); }
section > h3 { margin-top: 1.75rem; }
section > h3 + p { color: var(--quiet); font-size: 0.9375rem; }
figure, .scroll, .cards, details, .groups { margin-top: 1rem; }
figure > .scroll { margin-top: 0; }
figcaption { margin: 0.75rem 0.4rem 0; color: var(--quiet); font-size: 0.875rem; }
figure {
  padding: clamp(0.6rem, 2vw, 1.25rem) clamp(0.4rem, 1.2vw, 1rem); background: var(--card);
  border: 1px solid var(--line); border-radius: 10px;
}
.scroll { overflow-x: auto; container-type: inline-size; }
footer {
  margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet);
  font-size: 0.875rem;
}
`;

const TABLES = `
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; }
caption { text-align: left; padding-bottom: 0.4rem; color: var(--quiet); font-size: 0.875rem; }
.scroll caption span { display: block; position: sticky; left: 0; max-width: 100cqi; }
th, td {
  padding: 0.45rem 1.25rem 0.45rem 0; text-align: left; vertical-align: baseline; font-weight: 400;
  border-bottom: 1px solid var(--faint);
}
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-size: 0.8125rem; border-bottom-color: var(--line); }
.number { text-align: right; white-space: nowrap; }
.scroll thead th { white-space: nowrap; }
.scroll td, .scroll th { overflow-wrap: normal; }
.scroll tbody th:not(.number) { min-width: 7rem; }
table.groups th li { color: var(--quiet); font-size: 0.875rem; padding-top: 0.2rem; }
table.groups .number { width: 4rem; }
details > .groups { margin-top: 0; }
summary { padding: 0.5rem 0; color: var(--link); cursor: pointer; }
.more, .once { margin-top: 0.4rem; color: var(--quiet); font-size: 0.875rem; }
`;

const CARDS = `
.cards { columns: 3 19rem; column-gap: 1rem; }
article {
  margin-bottom: 1rem; padding: 1.1rem 1.25rem 1.25rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 10px; break-inside: avoid;
}
article h3 { display: inline; font: 600 1rem/1.4 var(--mono); letter-spacing: -0.01em; margin-right: 0.4rem; }
.type {
  display: inline-block; padding: 0 0.45rem; border: 1px solid var(--line); border-radius: 99px;
  color: var(--quiet); font-size: 0.8125rem; white-space: nowrap;
}
.source { margin-top: 0.15rem; color: var(--quiet); font-size: 0.875rem; }
.fill { margin-top: 0.8rem; font-size: 0.9375rem; }
.fill div { display: flex; justify-content: space-between; gap: 1rem; padding: 0.15rem 0; }
.fill dt, .fill span { color: var(--quiet); }
.fill dt { flex: none; }
.fill dd { text-align: right; }
.fill dd code { display: inline-block; }
.bar { display: block; margin: 0.2rem 0; overflow: hidden; border-radius: 4px; }
.bar .all { fill: var(--faint); }
.bar .part { fill: var(--matched); }
.histogram { margin-top: 0.4rem; border-bottom: 1px solid var(--line); }
.histogram rect { fill: var(--matched); }
.frequent { margin-top: 0.9rem; font-size: 0.875rem; }
.frequent th, .frequent td {
  padding: 0.25rem 0 0.25rem 0.75rem; border: 0; vertical-align: top; text-align: right;
  white-space: nowrap;
}
.frequent th { padding-left: 0; width: 99%; text-align: left; white-space: normal; }
.frequent td:last-child { min-width: 3.75rem; color: var(--quiet); }
.frequent .bar { height: 4px; }
.frequent .bar .all { fill: none; }
.values { font-size: 0.875rem; }
`;

/** Widths at which a picture that leads to the right takes the place of one that leads down, where it fits. */
export const PICTURE_WIDTHS = [580, 700, 820, 950, 1080] as const;

const changes = PICTURE_WIDTHS.map(
  (width) =>
    `@container (min-width: ${width}px) { .plan.from-${width} { display: block; } .plan.to-${width} { display: none; } }`,
);

const PICTURES = `
svg { display: block; }
.plan { margin: 0 auto; font-family: var(--mono); }
.plan.tall .title { font-size: 12px; }
.plan.wide { display: none; }
${changes.join('\n')}
.plan text { text-anchor: middle; fill: var(--text); font-size: 12px; }
.plan .title { font-size: 13px; font-weight: 600; }
.plan .line { fill: var(--quiet); }
.step rect { fill: var(--card); stroke: var(--side); stroke-width: 1.25; }
.step.join rect, .step.filter rect, .step.group rect { fill: var(--faint); stroke: none; }
.step.project rect { stroke: var(--matched); stroke-width: 2; }
.way { fill: none; stroke: var(--side); }
.way.main { stroke: var(--way); }
.way.empty { stroke-dasharray: 3 3; }
.arrow.main path { fill: var(--arrow); }
.arrow.side path { fill: var(--side); }
.plan .matched { fill: var(--matched); }
.plan .waiting { fill: var(--waiting); }
.plan .null { fill: var(--null); }
.plan .rejected { fill: var(--rejected); }
.chart { overflow: visible; }
.chart line { stroke: var(--faint); }
.chart text { fill: var(--quiet); font-size: 12px; }
.chart .kept { fill: var(--way); }
.chart .added { fill: var(--matched); }
`;

const SMALL = `
@media (max-width: 46rem) {
  .glance { gap: 0.5rem 1.75rem; }
  .glance b { font-size: 1.5rem; }
  .scroll table { font-size: 0.875rem; }
  .scroll th, .scroll td { padding-right: 0.75rem; }
  .scroll tbody th { overflow-wrap: anywhere; }
}
@media print {
  :root { color-scheme: light; --page: #fff; }
  body { padding: 0; font-size: 10pt; max-width: none; }
  nav, .skip { display: none; }
  section { margin-top: 2rem; }
  h2, h3 { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  .scroll { overflow: visible; }
  .plan { max-width: 100%; height: auto; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .bar, .plan, .chart { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

export const STYLE = [COLOURS, TEXT, LAYOUT, TABLES, CARDS, PICTURES, SMALL].join('');
