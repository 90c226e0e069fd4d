import { createHash } from 'node:crypto';
import type { Report } from '../report.ts';
import { columnSection } from './column-section.ts';
import { header, time } from './header.ts';
import { type Html, html } from './html.ts';
import { planSection } from './plan-section.ts';
import { runSection } from './run-section.ts';
import { STYLE } from './style.ts';
import { waitingSection } from './waiting-section.ts';

/** The report as one HTML file, which needs no other: it runs no script, and a browser is told to allow none. */
export async function pageOf(report: Report): Promise<string> {
  const waiting = waitingSection(report);
  const runs = runSection(report);
  const sections = [
    { id: 'plan', name: 'Plan', shown: await planSection(report) },
    { id: 'columns', name: 'Columns', shown: columnSection(report) },
    { id: 'waiting', name: 'Waiting rows', shown: waiting },
    { id: 'runs', name: 'Runs', shown: runs },
  ].filter(({ shown }) => shown !== null);
  const links = sections.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`);
  return `${
    html`<!doctype html>
<html lang="en">
${headOf(report)}
<body>
<a class="skip" href="#plan">To the plan</a>
${header(report)}
<nav aria-label="Parts of this report"><ul>${links}</ul></nav>
<main>
${sections.map(({ shown }) => shown)}
</main>
<footer><p>Written ${time(report.at)} by <code>etl report ${report.file}</code>. The counts are those of the last commit.</p></footer>
</body>
</html>`.markup
  }\n`;
}

/** Styles are allowed by their digest, and nothing else is. */
function headOf({ metric }: Report): Html {
  const digest = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="change-log-metrics">
<link rel="icon" href="data:,">
<title>${metric}, a report</title>
<style>${{ markup: STYLE }}</style>
</head>`;
}
