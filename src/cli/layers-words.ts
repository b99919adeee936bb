import { getoptLong, type LongOption, type OptionEvent } from './getopt-long.ts';

/** What `layers` is asked for. */
export interface LayersRequest {
  readonly json: boolean;
  /** Absolute; undefined: this process's own. */
  readonly procRoot: string | undefined;
}

/** `usage`: of a mistake where there is a message, else because it was asked for. */
export type LayersOutcome =
  | { readonly kind: 'request'; readonly request: LayersRequest }
  | { readonly kind: 'usage'; readonly message?: string | undefined };

export const LAYERS_USAGE = `usage: sockscope layers [-n] [--json] [--proc DIR]   the host on one screen, from its links to its programs
`;

const NAMES: readonly LongOption[] = [
  { name: 'json', takesArgument: false, value: 'json' },
  { name: 'numeric', takesArgument: false, value: 'n' },
  { name: 'proc', takesArgument: true, value: 'proc' },
  { name: 'help', takesArgument: false, value: 'h' },
];

/** Reads the words after `layers`. Everything is shown by number: `-n` may be said all the same. */
export function parseLayersWords(words: readonly string[], program: string): LayersOutcome {
  const operand = (word: string): OptionEvent => ({
    kind: 'error',
    message: `${program}: what is '${word}'?`,
  });
  let json = false;
  let procRoot: string | undefined;
  const tables = { letters: 'hn', names: NAMES, operand };
  for (const event of getoptLong(words, tables, { program, posixlyCorrect: false })) {
    if (event.kind === 'error') return { kind: 'usage', message: event.message };
    const key = event.kind === 'letter' ? event.letter : event.option.value;
    if (key === 'h') return { kind: 'usage' };
    if (key === 'json') json = true;
    if (key === 'proc') {
      if (event.argument === '')
        return { kind: 'usage', message: `${program}: --proc needs the path of a folder` };
      procRoot = event.argument;
    }
  }
  return { kind: 'request', request: { json, procRoot } };
}
