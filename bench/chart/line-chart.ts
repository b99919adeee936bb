import type { Curve, Line } from './curve.ts';
import { LEAST, type LogScale, logScale } from './log-scale.ts';
import { type Look, look, mark, STYLE } from './palette.ts';
import { spread } from './spread.ts';
import { element, text } from './svg.ts';

const WIDTH = 960;
const HEIGHT = 500;
/** The plot, between the axes' labels and those of the lines. */
const PLOT = { left: 76, right: 650, top: 56, bottom: 436 } as const;
const LABEL_HEIGHT = 19;
const TICK_WIDTH = 62;

/** Where numbers stand. */
interface Axes {
  readonly sockets: LogScale;
  readonly seconds: LogScale;
}

interface Drawn extends Line {
  readonly look: Look;
}

/** The curve as an SVG: both axes logarithmic, a line per subject with its name beside its end. */
export function lineChart(curve: Curve): string {
  const axes = axesOf(curve.lines);
  const lines = curve.lines.map((line, index) => ({ ...line, look: look(index) }));
  const heading = `Time to list ${curve.title}`;
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: 'img',
    },
    element('title', {}, text(heading)),
    element('style', {}, STYLE),
    element('rect', { class: 'paper', x: 0.5, y: 0.5, width: WIDTH - 1, height: HEIGHT - 1, rx: 8 }),
    element('text', { class: 'title', x: PLOT.left, y: 32 }, text(heading)),
    ...grid(axes),
    ...lines.map((line) => drawn(line, axes)),
    ...labels(lines, axes),
  )}\n`;
}

/** The axis of time begins and ends at 1, 2 or 5 times a power of ten. */
function axesOf(lines: readonly Line[]): Axes {
  const points = lines.flatMap((line) => line.points);
  const sockets = points.map((point) => point.sockets);
  const seconds = points.map((point) => Math.max(point.seconds, LEAST));
  const { left, right, top, bottom } = PLOT;
  return {
    sockets: logScale(Math.min(...sockets), Math.max(...sockets), left + 12, right),
    seconds: logScale(1 / roundUp(1 / Math.min(...seconds)), roundUp(Math.max(...seconds)), bottom, top),
  };
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((times) => times * power >= value)!;
}

/** Decades, and the last number where it has room. */
function ticks({ decades, greatest, place }: LogScale): number[] {
  const before = decades.at(-1);
  const hasRoom = before === undefined || place(greatest) - place(before) >= TICK_WIDTH;
  return hasRoom ? [...decades, greatest] : [...decades];
}

function grid({ sockets, seconds }: Axes): string[] {
  const { left, right, top, bottom } = PLOT;
  const across = (y: number, kind: string): string =>
    element('line', { class: kind, x1: left, x2: right, y1: y, y2: y });
  const down = (x: number, kind: string): string =>
    element('line', { class: kind, x1: x, x2: x, y1: top, y2: bottom });
  return [
    ...seconds.between.map((value) => across(seconds.place(value), 'fine')),
    ...sockets.between.map((value) => down(sockets.place(value), 'fine')),
    ...seconds.decades.map((value) => across(seconds.place(value), 'grid')),
    ...sockets.decades.map((value) => down(sockets.place(value), 'grid')),
    element('rect', { class: 'frame', x: left, y: top, width: right - left, height: bottom - top }),
    ...seconds.decades.map((value) =>
      element('text', { x: left - 8, y: seconds.place(value) + 4, 'text-anchor': 'end' }, duration(value)),
    ),
    ...ticks(sockets).map((value) =>
      element(
        'text',
        { x: sockets.place(value), y: bottom + 20, 'text-anchor': 'middle' },
        value.toLocaleString('en'),
      ),
    ),
    element(
      'text',
      { class: 'quiet', x: (left + right) / 2, y: bottom + 44, 'text-anchor': 'middle' },
      'sockets',
    ),
    element('text', { class: 'quiet', x: left, y: top - 8, 'text-anchor': 'middle' }, 'time'),
  ];
}

function drawn({ points, yardstick, look: style }: Drawn, { sockets, seconds }: Axes): string {
  const places = points.map((point) => [sockets.place(point.sockets), seconds.place(point.seconds)] as const);
  const path = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return [
    element('polyline', { class: `line ${style.colour}${yardstick ? '' : ' ours'}`, points: path }),
    ...places.map(([x, y]) => mark(style, x, y)),
  ].join('');
}

/** Beside the plot, the slowest on top; what ends before the edge, for it takes too long, stands above the others. */
function labels(lines: readonly Drawn[], { sockets, seconds }: Axes): string[] {
  const falling = lines
    .map((line) => {
      const end = line.points.at(-1)!;
      const isAtEdge = Math.abs(sockets.place(end.sockets) - PLOT.right) < 1;
      return { line, end, isAtEdge, from: isAtEdge ? seconds.place(end.seconds) : PLOT.top };
    })
    .sort((a, b) => a.from - b.from || b.end.seconds - a.end.seconds);
  const wanted = falling.map(({ from }) => from);
  const places = spread(wanted, LABEL_HEIGHT, PLOT.bottom);
  const x = PLOT.right + 26;
  return falling.flatMap(({ line, end, isAtEdge, from }, index) => {
    const to = places[index]!;
    const when = isAtEdge ? '' : ` at ${end.sockets.toLocaleString('en')}`;
    const told = element('tspan', { class: 'quiet', dx: 7 }, `${duration(end.seconds)}${when}`);
    const points = `${PLOT.right + 5},${from.toFixed(1)} ${x - 7},${to.toFixed(1)}`;
    return [
      ...(isAtEdge ? [element('polyline', { class: `leader ${line.look.colour}`, points })] : []),
      mark(line.look, x, to),
      element('text', { x: x + 11, y: to + 4 }, text(line.name), told),
    ];
  });
}

function duration(seconds: number): string {
  const [value, unit] = seconds < 1 ? [seconds * 1e3, 'ms'] : [seconds, 's'];
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(2))} ${unit}`;
}
