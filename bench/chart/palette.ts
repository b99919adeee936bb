import { element } from './svg.ts';

/** How a line looks: colours that people with any sight tell apart, and a mark as well. */
export interface Look {
  /** Class of the style sheet below. */
  readonly colour: string;
  readonly mark: Mark;
}

export type Mark = 'circle' | 'square' | 'diamond' | 'up' | 'down';

const MARKS: readonly Mark[] = ['circle', 'square', 'diamond', 'up', 'down'];
const LIGHT = ['#0060df', '#c2410c', '#15803d', '#a21caf', '#57606a', '#92700c', '#0e7490', '#be123c'];
const DARK = ['#6cb0ff', '#ff9a62', '#5fd38a', '#e08cf0', '#a9b3be', '#e0b84c', '#58c7dc', '#ff8fa3'];

/** Its own background, so that it reads on any page; dark where the reader's system is. */
export const STYLE = `
text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.quiet { fill: #59636e; font-size: 12px }
.paper { fill: #ffffff; stroke: #d1d9e0 }
.frame { fill: none; stroke: #818b98 }
.grid { stroke: #d1d9e0 }
.fine { stroke: #eef1f4 }
.line { fill: none; stroke-width: 1.6; stroke-linejoin: round }
.ours { stroke-width: 3 }
.leader { fill: none; stroke-width: 1; opacity: .6 }
${coloured(LIGHT)}
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.quiet { fill: #9198a1 }
.paper { fill: #0d1117; stroke: #3d444d }
.frame { stroke: #656c76 }
.grid { stroke: #30363d }
.fine { stroke: #1b2129 }
${coloured(DARK)}
}
`;

/** The look of the line of that index. */
export function look(index: number): Look {
  return { colour: `c${index % LIGHT.length}`, mark: MARKS[index % MARKS.length]! };
}

/** A mark around a place. */
export function mark({ colour, mark: shape }: Look, x: number, y: number): string {
  const dot = { class: `dot ${colour}` };
  if (shape === 'circle') return element('circle', { ...dot, cx: x, cy: y, r: 4 });
  if (shape === 'square') return element('rect', { ...dot, x: x - 3.5, y: y - 3.5, width: 7, height: 7 });
  return element('polygon', { ...dot, points: corners(shape, x, y) });
}

function corners(shape: 'diamond' | 'up' | 'down', x: number, y: number): string {
  if (shape === 'diamond') return `${at(x, y - 5)} ${at(x + 5, y)} ${at(x, y + 5)} ${at(x - 5, y)}`;
  const tip = shape === 'up' ? -5 : 5;
  return `${at(x, y + tip)} ${at(x + 4.5, y - 0.7 * tip)} ${at(x - 4.5, y - 0.7 * tip)}`;
}

function at(x: number, y: number): string {
  return `${x.toFixed(1)},${y.toFixed(1)}`;
}

function coloured(colours: readonly string[]): string {
  return colours
    .map(
      (colour, index) =>
        `.line.c${index}, .leader.c${index} { stroke: ${colour} } .dot.c${index} { fill: ${colour} }`,
    )
    .join('\n');
}
