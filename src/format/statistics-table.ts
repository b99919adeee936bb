import type { Counter, CounterGroup } from '../kernel-tables/statistics.ts';
import type { ByteWriter } from './byte-writer.ts';
import { groupIsShown, histogramHeading, indentation, sentenceFound } from './netstat-statistics-quirks.ts';
import type { Sections, StatisticsProtocol } from './statistics-sections.ts';
import type { Histogram, Sentence, Sentences } from './statistics-sentence.ts';

const NO_SENTENCES: Sentences = new Map();

/**
 * The statistics as netstat prints them, group by group. An object writes one listing: how far a line stands in follows
 * from the lines before it.
 */
export class StatisticsTable {
  readonly #out: ByteWriter;
  readonly #protocols: ReadonlySet<StatisticsProtocol>;
  /** The histogram that the counter met last is a line of. */
  #last: Histogram | undefined;

  /** `protocols`: what is asked for. Groups of no protocol known here are always shown. */
  constructor(out: ByteWriter, protocols: ReadonlySet<StatisticsProtocol>) {
    this.#out = out;
    this.#protocols = protocols;
  }

  /** `sections`: those that the file of the group may hold. */
  group({ name, counters }: CounterGroup, sections: Sections): void {
    const section = sections.get(name);
    if (section !== undefined) this.#last = undefined;
    if (!groupIsShown(section?.protocol, this.#protocols)) return;
    this.#write(`${name}:\n`);
    const known = section?.sentences ?? NO_SENTENCES;
    for (const counter of counters) {
      const sentence = sentenceFound(known, counter.name);
      if (sentence === undefined) this.#unknown(counter);
      else this.#known(counter, sentence);
    }
  }

  #unknown({ name, value }: Counter): void {
    if (value !== 0n) this.#write(`${indentation(this.#last)}${name}: ${value}\n`);
  }

  #known({ value }: Counter, { text, shown, histogram }: Sentence): void {
    if (histogram !== undefined && histogram !== this.#last) {
      this.#write(histogramHeading(histogram, this.#last));
    }
    this.#last = histogram;
    if (shown === 'never' || (shown === 'non-zero' && value === 0n)) return;
    this.#write(`${indentation(histogram)}${text.replace('#', String(value))}\n`);
  }

  #write(text: string): void {
    this.#out.bytes(Buffer.from(text, 'latin1'));
  }
}
