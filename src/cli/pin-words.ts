import { absolutePath } from '../absolute-path.ts';
import { getoptLong, type LongOption, type OptionEvent } from './getopt-long.ts';

export type PinVerb = 'pin' | 'unpin';

/** What `pin` and `unpin` are asked for. */
export interface PinRequest {
  /** A name or a number; empty for `unpin`. */
  readonly group: string;
  /** Absolute; undefined: where everybody looks. */
  readonly path: string | undefined;
}

/** `usage`: of a mistake where there is a message, else because it was asked for. */
export type PinOutcome =
  | { readonly kind: 'request'; readonly request: PinRequest }
  | { readonly kind: 'usage'; readonly message?: string | undefined };

export const PIN_USAGE = `usage: sockscope pin --group GROUP [--path FILE]   members of GROUP may name every socket's owner
       sockscope unpin [--path FILE]               no longer
`;

const PATH: LongOption = { name: 'path', takesArgument: true, value: 'path' };
const GROUP: LongOption = { name: 'group', takesArgument: true, value: 'group' };
const HELP: LongOption = { name: 'help', takesArgument: false, value: 'h' };
const NAMES: Readonly<Record<PinVerb, readonly LongOption[]>> = {
  pin: [GROUP, PATH, HELP],
  unpin: [PATH, HELP],
};

/** Reads the words after the verb; unlike netstat's options they are nothing but what they say. */
export function parsePinWords(verb: PinVerb, words: readonly string[], program: string): PinOutcome {
  const given = new Map<string, string>();
  const operand = (word: string): OptionEvent => ({
    kind: 'error',
    message: `${program}: what is '${word}'?`,
  });
  for (const event of getoptLong(
    words,
    { letters: 'h', names: NAMES[verb], operand },
    { program, posixlyCorrect: false },
  )) {
    if (event.kind === 'error') return { kind: 'usage', message: event.message };
    const key = event.kind === 'letter' ? event.letter : event.option.value;
    if (key === 'h') return { kind: 'usage' };
    if (event.argument === '') return { kind: 'usage', message: `${program}: --${key} is empty` };
    given.set(key, event.argument);
  }
  const group = given.get('group');
  if (verb === 'pin' && group === undefined) {
    return { kind: 'usage', message: `${program}: pin needs a --group` };
  }
  const path = given.get('path');
  return {
    kind: 'request',
    request: { group: group ?? '', path: path && absolutePath(path, `${verb} --path ${path}`) },
  };
}
