/**
 * glibc's getopt_long(3) over tables. Texts are byte strings, one character a byte, so that a message about a character
 * of several bytes has the bytes that the C program writes.
 */

export interface LongOption {
  readonly name: string;
  /** `attached`: it may have one, behind an equals sign. */
  readonly takesArgument: boolean | 'attached';
  /** What the option stands for: options with equal values do not make a prefix ambiguous. */
  readonly value: string;
}

export interface OptionTables {
  /** As getopt(3) wants it: a letter, followed by a colon if it takes an argument. */
  readonly letters: string;
  readonly names: readonly LongOption[];
  /** More names, looked at only where `names` has not even a candidate. */
  readonly furtherNames?: readonly LongOption[] | undefined;
  /** What to do with a word that is no option. Default: it is passed over, as by netstat. */
  readonly operand?: ((word: string) => OptionEvent) | undefined;
}

export interface OptionContext {
  /** What messages begin with. */
  readonly program: string;
  /** POSIXLY_CORRECT: the first operand ends the options. */
  readonly posixlyCorrect: boolean;
}

/** One step of the parse. After an `error` the caller may go on, as getopt's may. */
export type OptionEvent =
  | { readonly kind: 'letter'; readonly letter: string; readonly argument: string }
  | { readonly kind: 'name'; readonly option: LongOption; readonly argument: string }
  | { readonly kind: 'error'; readonly message: string };

type Match = { readonly option: LongOption } | { readonly candidates: readonly LongOption[] };

/** The options of `words` from left to right, whatever operands stand between them. */
export function* getoptLong(
  words: readonly string[],
  tables: OptionTables,
  { program, posixlyCorrect }: OptionContext,
): Generator<OptionEvent, void, undefined> {
  const fail = (text: string): OptionEvent => ({ kind: 'error', message: `${program}: ${text}` });
  const rest = words.values();
  for (const word of rest) {
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') {
      if (tables.operand !== undefined) yield tables.operand(word);
      if (posixlyCorrect) break;
    } else if (word.startsWith('--')) {
      yield longOption(word, tables, rest, fail);
    } else {
      yield* bundle(word, tables.letters, rest, fail);
    }
  }
  if (tables.operand !== undefined) for (const word of rest) yield tables.operand(word);
}

type Fail = (text: string) => OptionEvent;

/** `-abc`, `-Avalue`, `-A` and its argument in the next word. */
function* bundle(
  word: string,
  letters: string,
  rest: Iterator<string>,
  fail: Fail,
): Generator<OptionEvent, void, undefined> {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at]!;
    const place = letter === ':' || letter === ';' ? -1 : letters.indexOf(letter);
    if (place < 0) {
      yield fail(`invalid option -- '${letter}'`);
    } else if (letters[place + 1] !== ':') {
      yield { kind: 'letter', letter, argument: '' };
    } else {
      const argument = at + 1 < word.length ? word.slice(at + 1) : next(rest);
      if (argument === undefined) yield fail(`option requires an argument -- '${letter}'`);
      else yield { kind: 'letter', letter, argument };
      return;
    }
  }
}

/** `--name`, a prefix of it, `--name=value`, `--name` and its argument in the next word. */
function longOption(word: string, tables: OptionTables, rest: Iterator<string>, fail: Fail): OptionEvent {
  const equals = word.indexOf('=');
  const typed = word.slice(2, equals < 0 ? undefined : equals);
  const match = find(typed, tables.names) ?? find(typed, tables.furtherNames ?? []);
  if (match === undefined) return fail(`unrecognized option '${word}'`);
  if ('candidates' in match) {
    const list = match.candidates.map(({ name }) => ` '--${name}'`).join('');
    return fail(`option '${word}' is ambiguous; possibilities:${list}`);
  }
  const { option } = match;
  if (option.takesArgument !== true) {
    if (equals >= 0 && option.takesArgument === 'attached') {
      return { kind: 'name', option, argument: word.slice(equals + 1) };
    }
    if (equals >= 0) return fail(`option '--${option.name}' doesn't allow an argument`);
    return { kind: 'name', option, argument: '' };
  }
  const argument = equals >= 0 ? word.slice(equals + 1) : next(rest);
  if (argument === undefined) return fail(`option '--${option.name}' requires an argument`);
  return { kind: 'name', option, argument };
}

/** The option that `typed` names; or, of a prefix, the first that it fits with all later ones of another meaning. */
function find(typed: string, names: readonly LongOption[]): Match | undefined {
  const exact = names.find(({ name }) => name === typed);
  if (exact !== undefined) return { option: exact };
  const fitting = names.filter(({ name }) => name.startsWith(typed));
  const first = fitting[0];
  if (first === undefined) return undefined;
  const others = fitting.filter((option) => !meansTheSame(option, first));
  return others.length === 0 ? { option: first } : { candidates: [first, ...others] };
}

function meansTheSame(a: LongOption, b: LongOption): boolean {
  return a.takesArgument === b.takesArgument && a.value === b.value;
}

function next(rest: Iterator<string>): string | undefined {
  const { done, value } = rest.next();
  return done === true ? undefined : value;
}
