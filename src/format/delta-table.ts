import type { CounterChange, GroupChange } from '../kernel-tables/counter-changes.ts';
import { deviceFigures, type Figure, protocolFigures } from './delta-figures.ts';
import { deviceWords, protocolWords } from './delta-words.ts';
import { printable } from './printable.ts';

/** What has moved between two readings. */
export interface Delta {
  /** Between the readings. */
  readonly seconds: number;
  /** The command that ran meanwhile, if any. */
  readonly command: readonly string[] | undefined;
  readonly protocols: readonly GroupChange[];
  readonly interfaces: readonly GroupChange[];
  /** An interface that was asked for by name and was never there. */
  readonly missingInterface: string | undefined;
}

/** A line below a title: a number, a rate, words. The numbers of a report are aligned. */
interface Line {
  readonly count: string;
  readonly rate: string;
  readonly words: string;
}

type Words = (name: string, difference: bigint) => string;

/** The report that people read, as a byte string. */
export function deltaText(delta: Delta): string {
  const { seconds, protocols, interfaces } = delta;
  const blocks = [
    ...protocols.map((group) => {
      const words: Words = (name, difference) => protocolWords(group.name, name, difference);
      return block(group, seconds, protocolFigures(group), words);
    }),
    ...interfaces.map((group) => block(group, seconds, deviceFigures(group), deviceWords)),
  ];
  const lines = blocks.flatMap((one) => one.lines);
  const countWidth = widest(lines, ({ count }) => count);
  const rateWidth = widest(lines, ({ rate }) => rate);
  const text = blocks.map(
    ({ title, lines: below }) =>
      `${title}\n${below.map((line) => lineText(line, countWidth, rateWidth)).join('')}`,
  );
  if (delta.missingInterface !== undefined)
    text.push(`${printable(delta.missingInterface)}: there is no such interface\n`);
  return `${heading(delta)}\n${text.length === 0 ? 'nothing moved\n' : text.join('')}`;
}

function heading({ seconds, command }: Delta): string {
  const words =
    command === undefined
      ? ''
      : `: ${command.map((word) => printable(Buffer.from(word).toString('latin1'))).join(' ')}`;
  return `delta over ${seconds.toFixed(2)} s${words}`;
}

function widest(lines: readonly Line[], cell: (line: Line) => string): number {
  return lines.reduce((width, line) => Math.max(width, cell(line).length), 0);
}

function lineText({ count, rate, words }: Line, countWidth: number, rateWidth: number): string {
  return `    ${count.padStart(countWidth)}  ${rate.padStart(rateWidth)}  ${words}\n`;
}

/** What a group says: its title, a line for each counter, then the figures. */
function block(
  { name, kind, changes }: GroupChange,
  seconds: number,
  figures: readonly Figure[],
  words: Words,
): { readonly title: string; readonly lines: readonly Line[] } {
  const mark = kind === 'stayed' ? '' : ` (${kind})`;
  return {
    title: `${printable(name)}:${mark}`,
    lines: [...changes.map((change) => changeLine(change, seconds, words)), ...figures.map(figureLine)],
  };
}

function changeLine(change: CounterChange, seconds: number, wordsOf: Words): Line {
  if (change.kind === 'counted') {
    const { name, difference } = change;
    return { count: `+${difference}`, rate: rateText(difference, seconds), words: wordsOf(name, difference) };
  }
  const words = wordsOf(change.name, 0n);
  const { before } = change;
  if (change.kind === 'gone') return { count: '?', rate: '', words: `${words}: gone, ${before} before` };
  const { after } = change;
  if (change.kind === 'restarted') {
    return { count: '?', rate: '', words: `${words}: began anew or wrapped, ${before} before, ${after} now` };
  }
  const step = after > before ? `+${after - before}` : String(after - before);
  return { count: step, rate: '', words: `${words}: ${after} now` };
}

/** Nothing where no time has passed. */
function rateText(difference: bigint, seconds: number): string {
  if (seconds <= 0) return '';
  const rate = Number(difference) / seconds;
  return rate < SMALLEST ? `<${SMALLEST}/s` : `${rate.toFixed(1)}/s`;
}

const SMALLEST = 0.1;

function figureLine({ kind, value, words }: Figure): Line {
  return { count: '=', rate: kind === 'share' ? `${(100 * value).toFixed(1)} %` : value.toFixed(1), words };
}
