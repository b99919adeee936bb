/** What netstat says of a counter. */
export interface Sentence {
  /** `#` stands for the value. */
  readonly text: string;
  /** `never`: netstat knows the counter and does not show it. */
  readonly shown: 'always' | 'non-zero' | 'never';
  /** The histogram that the counter is a line of. */
  readonly histogram?: Histogram;
}

export type Histogram = 'input' | 'output';

/** By the kernel's name of the counter. */
export type Sentences = ReadonlyMap<string, Sentence>;

export function sentences(byName: Readonly<Record<string, Sentence>>): Sentences {
  return new Map(Object.entries(byName));
}

export const HIDDEN: Sentence = { text: '', shown: 'never' };

export function always(text: string): Sentence {
  return { text, shown: 'always' };
}

export function nonZero(text: string): Sentence {
  return { text, shown: 'non-zero' };
}

/** A line of `ICMP input histogram:`. */
export function input(text: string): Sentence {
  return { text, shown: 'non-zero', histogram: 'input' };
}

/** A line of `ICMP output histogram:`. */
export function output(text: string): Sentence {
  return { text, shown: 'non-zero', histogram: 'output' };
}
