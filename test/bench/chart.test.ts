import { describe, expect, it } from 'vitest';
import { curveOf } from '../../bench/chart/curve.ts';
import { lineChart } from '../../bench/chart/line-chart.ts';
import { logScale } from '../../bench/chart/log-scale.ts';
import { spread } from '../../bench/chart/spread.ts';
import { sized } from './sample-result.ts';

/** Names of elements in the order in which they end. Throws when they do not nest, or when an attribute is no text. */
function elementsOf(xml: string): string[] {
  const [ended, open]: [string[], string[]] = [[], []];
  const rest = xml.replaceAll(
    /<(\/?)([\w:]+)((?:\s[\w:-]+="[^"<&]*(?:&\w+;[^"<&]*)*")*)(\/?)>/g,
    (_, close, name, __, own) => {
      if (close === '/') {
        if (open.pop() !== name) throw new Error(`</${name}> ends nothing`);
      } else if (own === '') open.push(name);
      if (close === '/' || own === '/') ended.push(name);
      return '';
    },
  );
  const stray = /[<]|&(?!amp;|lt;|gt;|quot;)/.exec(rest);
  if (stray !== null || open.length > 0) throw new Error(`not well formed: ${stray?.[0] ?? open.join(' ')}`);
  return ended;
}

const sizes = [1_000_000, 100, 10_000].map((sockets) => sized(sockets, [sockets / 100], [sockets / 50]));
const curve = curveOf(sizes)!;
const count = (xml: string, pattern: RegExp): number => xml.match(pattern)?.length ?? 0;

describe('a curve', () => {
  it('is a line of rising sockets for each subject that ran', () => {
    expect(curve.lines.map(({ name, yardstick }) => [name, yardstick])).toEqual([
      ['sockscope -tan', false],
      ['ss -tanH', true],
    ]);
    expect(curve.lines[0]!.points).toEqual([
      { sockets: 100, seconds: 0.001 },
      { sockets: 10_000, seconds: 0.1 },
      { sockets: 1_000_000, seconds: 10 },
    ]);
  });

  it('takes three sizes', () => {
    expect(curveOf(sizes.slice(1))).toBeUndefined();
    expect(curveOf([])).toBeUndefined();
    const nothing = sizes.map((size) => ({
      ...size,
      subjects: size.subjects.map((subject) => ({ ...subject, absent: 'gone', figures: {} })),
    }));
    expect(curveOf(nothing)).toBeUndefined();
  });
});

describe('a chart', () => {
  const svg = lineChart(curve);

  it('is well formed, with a line, its marks and a name for each subject', () => {
    const elements = elementsOf(svg);
    expect(elements.at(-1)).toBe('svg');
    expect(count(svg, /class="line c\d( ours)?"/g)).toBe(2);
    expect(count(svg, /class="line c\d ours"/g)).toBe(1);
    expect(count(svg, /class="dot c0"/g)).toBe(4);
    expect(svg).toContain('>sockscope -tan<');
    expect(svg).toContain('>ss -tanH<');
    expect(svg).toContain('>10 s<');
  });

  it('has ticks with labels on both axes, and no script', () => {
    for (const label of ['100', '1,000', '100,000', '1,000,000', '1 ms', '100 ms', '10 s']) {
      expect(svg).toContain(`>${label}</text>`);
    }
    expect(svg).not.toMatch(/<script|href|on\w+=/);
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it.each([
    ['one number of sockets', [7, 7, 7], [1, 2, 3]],
    ['one time', [7, 70, 700], [5, 5, 5]],
    ['no time at all', [7, 70, 700], [0, 0, 0]],
  ])('stays within its paper: %s', (_, sockets, seconds) => {
    const points = sockets.map((held, at) => ({ sockets: held, seconds: seconds[at]! }));
    const flat = lineChart({ ...curve, lines: [{ name: 'one', yardstick: false, points }] });
    elementsOf(flat);
    expect(flat).not.toMatch(/NaN|Infinity/);
  });

  it('takes any name for text', () => {
    const [line] = curve.lines;
    const hostile = lineChart({ ...curve, title: 'a & b', lines: [{ ...line!, name: '</svg><script>"&' }] });
    elementsOf(hostile);
    expect(hostile).toContain('&lt;/svg&gt;&lt;script&gt;&quot;&amp;');
  });

  it('says where a line ends before the others', () => {
    const [line, other] = curve.lines;
    const svgOfShort = lineChart({
      ...curve,
      lines: [line!, { ...other!, points: other!.points.slice(0, 2) }],
    });
    expect(svgOfShort).toContain('>200 ms at 10,000<');
    expect(count(svgOfShort, /class="leader/g)).toBe(1);
  });
});

describe('a logarithmic scale', () => {
  it('gives each decade the same room', () => {
    const { decades, between, place } = logScale(10, 1000, 0, 200);
    expect([10, 100, 1000].map(place)).toEqual([0, 100, 200]);
    expect(decades).toEqual([10, 100, 1000]);
    expect(between).toEqual([2, 3, 4, 5, 6, 7, 8, 9].flatMap((n) => [n * 10, n * 100]).sort((a, b) => a - b));
  });

  it('has a middle where there is one number, and its least place for nothing', () => {
    expect(logScale(5, 5, 0, 200).place(5)).toBeCloseTo(100);
    const { place, decades } = logScale(0, 10, 0, 70);
    expect([place(0), place(10)]).toEqual([0, 70]);
    expect(decades.every((decade) => decade > 0)).toBe(true);
    expect(Number.isFinite(logScale(0, 0, 0, 1).place(0))).toBe(true);
  });
});

describe('labels', () => {
  it('stand apart, in order, and within the plot', () => {
    expect(spread([10, 50], 20, 100)).toEqual([10, 50]);
    expect(spread([10, 12, 14], 20, 100)).toEqual([10, 30, 50]);
    expect(spread([90, 95, 99], 20, 100)).toEqual([60, 80, 100]);
  });
});
