/** The plan as a picture: Graphviz says where all of it stands, and it is drawn here, so that its colours are the page's. */
import { scaleSqrt } from 'd3-scale';
import type { Flow, Step, Told, Way } from './flow.ts';
import { type Html, html } from './html.ts';
import { type Layout, type Point, place, type Size } from './layout.ts';
import { PICTURE_WIDTHS } from './style.ts';
import { lettersOf, wrapped } from './wrap.ts';

/** Which way a picture leads, and how its texts are set. All of it is in a font of even width, so that it can be measured. */
interface Setting {
  readonly name: 'wide' | 'tall';
  readonly direction: 'LR' | 'TB';
  /** Of texts in boxes, and of those beside ways. */
  readonly font: Font;
  readonly small: Font;
  /** Letters in a line of a box. */
  readonly letters: number;
}

interface Font {
  readonly letter: number;
  readonly line: number;
}

const SMALL: Font = { letter: 7.25, line: 16 };
const WIDE: Setting = { name: 'wide', direction: 'LR', font: { letter: 7.85, line: 18 }, small: SMALL, letters: 16 };
/** On a phone two boxes stand side by side. */
const TALL: Setting = { name: 'tall', direction: 'TB', font: SMALL, small: SMALL, letters: 19 };

/**
 * The picture twice, of which the style shows one: the wide one where there is room for it, and the tall one. What is
 * never given so much room is tall only.
 */
export async function pictures(flow: Flow, label: string): Promise<readonly Html[]> {
  const [wide, tall] = [await lay(flow, WIDE), await lay(flow, TALL)];
  const from = PICTURE_WIDTHS.find((width) => wide.layout.width + 2 * MARGIN <= width);
  if (from === undefined) return [draw(flow, tall, 'tall', label)];
  return [draw(flow, wide, `wide from-${from}`, label), draw(flow, tall, `tall to-${from}`, label)];
}

/** A step, and the lines that its texts take. */
interface Box extends Size {
  readonly step: Step;
  readonly title: readonly string[];
  readonly lines: readonly string[];
}

/** Within a box, and around the picture, where lines have their own width. */
const [PAD_X, PAD_Y, MARGIN] = [11, 10, 2];

interface Laid {
  readonly setting: Setting;
  readonly boxes: readonly Box[];
  readonly layout: Layout;
}

async function lay(flow: Flow, setting: Setting): Promise<Laid> {
  const boxes = flow.steps.map((step) => boxOf(step, setting));
  const sized = boxes.map(({ step: { id, kind }, width, height }) => {
    return { id, isMain: kind !== 'scan' || id === 's0', width, height };
  });
  const ways = flow.ways.map((way) => ({ ...way, label: labelSize(way.told, setting) }));
  return { setting, boxes, layout: await place({ boxes: sized, ways }, setting.direction) };
}

function draw(flow: Flow, { setting, boxes, layout }: Laid, classes: string, label: string): Html {
  const [width = 0, height = 0] = [layout.width, layout.height].map((size) => Math.ceil(size) + 2 * MARGIN);
  return html`<svg class="plan ${classes}" role="img" aria-label="${label}"
 width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}">
<defs>${['main', 'side'].map((kind) => arrow(kind, setting))}</defs>
${drawWays(flow, layout, setting)}
${boxes.map((box, n) => drawBox(box, layout.boxes[n] ?? { x: 0, y: 0 }, setting))}
${flow.ways.map(({ told }, n) => drawTold(told, layout.ways[n]?.label ?? null, setting))}
</svg>`;
}

function arrow(kind: string, { name }: Setting): Html {
  return html`<marker id="${name}-${kind}" class="arrow ${kind}" viewBox="0 0 8 8" refX="7" refY="4"
 markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8Z"/></marker>`;
}

function boxOf(step: Step, { font, small, letters }: Setting): Box {
  const title = wrapped(step.title, letters);
  const lines = step.lines.flatMap((line) => wrapped(line, Math.floor((letters * font.letter) / small.letter)));
  const longest = Math.max(
    ...title.map((line) => lettersOf(line) * font.letter),
    ...lines.map((line) => lettersOf(line) * small.letter),
  );
  const height = title.length * font.line + lines.length * small.line;
  return { step, title, lines, width: longest + 2 * PAD_X, height: height + 2 * PAD_Y };
}

function labelSize(told: readonly Told[], { small }: Setting): Size {
  const letters = Math.max(0, ...told.map(({ text }) => lettersOf(text)));
  return { width: letters === 0 ? 0 : letters * small.letter + 12, height: told.length * small.line + 8 };
}

/** The more rows go a way, the wider it is. */
function drawWays({ ways }: Flow, layout: Layout, { name }: Setting): readonly Html[] {
  const most = Math.max(1, ...ways.map(({ rows }) => rows ?? 0));
  const width = scaleSqrt().domain([0, most]).range([1, 5]);
  return ways.map((way, n) => {
    const curve = layout.ways[n]?.curve ?? [];
    const stroke = way.rows === null ? 1.5 : Number(width(way.rows).toFixed(2));
    const end = `url(#${name}-${way.isMain ? 'main' : 'side'})`;
    return html`<path class="${classOf(way)}" d="${pathOf(curve)}" stroke-width="${stroke}" marker-end="${end}"/>\n`;
  });
}

function classOf({ isMain, rows }: Way): string {
  return ['way', ...(isMain ? ['main'] : []), ...(rows === 0 ? ['empty'] : [])].join(' ');
}

/** Curves, and a straight line to where the arrow ends. */
function pathOf([start, ...others]: readonly Point[]): string {
  if (!start) return '';
  const [end, ...curve] = [...others].reverse();
  const curves = [...curve].reverse();
  return `M${pair(start)}C${curves.map(pair).join(' ')}${end ? `L${pair(end)}` : ''}`;
}

function pair({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function drawBox({ step, title, lines, width, height }: Box, { x, y }: Point, { font, small }: Setting): Html {
  const top = y - height / 2 + PAD_Y;
  const below = top + title.length * font.line;
  const radius = step.kind === 'join' ? Math.min(height / 2, 16) : 8;
  const [left, above] = [round(x - width / 2), round(y - height / 2)];
  return html`<g class="step ${step.kind}">
<rect x="${left}" y="${above}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>
${title.map((text, n) => line('title', text, { x, y: top + (n + 0.72) * font.line }))}
${lines.map((text, n) => line('line', text, { x, y: below + (n + 0.76) * small.line }))}</g>
`;
}

function drawTold(told: readonly Told[], at: Point | null, { small }: Setting): readonly Html[] {
  if (at === null) return [];
  const top = at.y - (told.length * small.line) / 2 - 2;
  return told.map(({ tone, text }, n) => line(`told ${tone}`, text, { x: at.x, y: top + (n + 0.76) * small.line }));
}

function line(name: string, text: string, { x, y }: Point): Html {
  return html`<text class="${name}" x="${round(x)}" y="${round(y)}">${text}</text>`;
}
