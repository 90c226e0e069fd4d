import { instance, type Viz } from '@viz-js/viz';

/** What is to be placed: boxes of a given size, and ways between them with room for what stands beside them. */
export interface Boxes {
  readonly boxes: readonly (Size & { readonly id: string; readonly isMain: boolean })[];
  readonly ways: readonly {
    readonly from: string;
    readonly to: string;
    readonly isMain: boolean;
    readonly label: Size;
  }[];
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where all of it stands, in pixels from the upper left, in the order in which it was given. */
export interface Layout extends Size {
  /** The middle of each box. */
  readonly boxes: readonly Point[];
  /** A way as Bézier curves: its start, then two control points and an end for each; and the middle of its label. */
  readonly ways: readonly { readonly curve: readonly Point[]; readonly label: Point | null }[];
}

/** Graphviz counts in points, 72 an inch, and takes the size of nodes in inches. */
const INCH = 72;

/** Places boxes by Graphviz's `dot`: from left to right, or from the top down. */
export async function place(boxes: Boxes, direction: 'LR' | 'TB'): Promise<Layout> {
  const viz = await instance();
  return layoutOf(viz.renderJSON(graphOf(boxes, direction)) as Drawn, boxes);
}

function graphOf({ boxes, ways }: Boxes, direction: 'LR' | 'TB'): Parameters<Viz['renderJSON']>[0] {
  return {
    directed: true,
    graphAttributes: {
      rankdir: direction,
      nodesep: 0.28,
      ranksep: direction === 'LR' ? 0.1 : 0.22,
      margin: 0,
      pad: 0,
    },
    nodeAttributes: { shape: 'box', fixedsize: true, label: '' },
    nodes: boxes.map(({ id, width, height, isMain }) => ({
      name: id,
      attributes: { width: width / INCH, height: height / INCH, ...(isMain && { group: 'main' }) },
    })),
    edges: ways.map(({ from, to, isMain, label: { width, height } }) => {
      const room = `<table border="0" fixedsize="true" width="${Math.ceil(width)}" height="${Math.ceil(height)}"><tr><td></td></tr></table>`;
      const weight = isMain ? 20 : 1;
      return { tail: from, head: to, attributes: { weight, ...(width > 0 && { label: { html: room } }) } };
    }),
  };
}

/** What is read of Graphviz's JSON: https://graphviz.org/docs/outputs/json/ */
interface Drawn {
  readonly bb: string;
  readonly objects?: readonly { readonly name: string; readonly pos: string }[];
  /** `tail` and `head` are places among the objects. */
  readonly edges?: readonly {
    readonly tail: number;
    readonly head: number;
    readonly pos: string;
    readonly lp?: string;
  }[];
}

/** Graphviz measures from the lower left, and has an order of its own. */
function layoutOf({ bb, objects = [], edges = [] }: Drawn, { boxes, ways }: Boxes): Layout {
  const [, , width = 0, height = 0] = bb.split(',').map(Number);
  const point = (text: string): Point => {
    const [x = 0, y = 0] = text.split(',').map(Number);
    return { x, y: height - y };
  };
  const placeOf = (id: string) => objects.findIndex(({ name }) => name === id);
  return {
    width,
    height,
    boxes: boxes.map(({ id }) => point(objects[placeOf(id)]?.pos ?? '')),
    ways: ways.map(({ from, to }) => {
      const edge = edges.find(({ tail, head }) => tail === placeOf(from) && head === placeOf(to));
      // `e,` stands before where the arrow ends, which is behind the last point of the curve.
      const [end = '', ...curve] = (edge?.pos ?? '').split(' ');
      return {
        curve: [...curve.map(point), point(end.slice(2))],
        label: edge?.lp === undefined ? null : point(edge.lp),
      };
    }),
  };
}
