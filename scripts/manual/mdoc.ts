import { ENVIRONMENT, OPTIONS, SUBCOMMANDS } from '../../src/cli/option-table.ts';

const argumentNames: ReadonlySet<string> = new Set([
  ...[...OPTIONS, ...SUBCOMMANDS.flatMap(({ options }) => options)].flatMap(
    ({ argument }) => argument?.name ?? [],
  ),
  ...SUBCOMMANDS.flatMap(({ command }) => command?.name ?? []),
]);

/**
 * Text to lines of mdoc(7). What stands in backquotes is literal, and gets the macro of what it looks like: an option, a
 * path, an argument, a variable of the environment, or a word to be typed.
 */
export function paragraph(text: string): string[] {
  const lines: string[] = [];
  let plain: string[] = [];
  const flush = (): void => {
    if (plain.length > 0) lines.push(...wrapped(plain));
    plain = [];
  };
  for (const word of words(text)) {
    if (word.includes('`')) {
      flush();
      lines.push(`.${markedUp(word)}`);
    } else {
      plain.push(word);
      // A new sentence begins a new line, so that the formatter knows where sentences end.
      if (/[.!?]\)?$/.test(word)) flush();
    }
  }
  flush();
  return lines;
}

/** A macro and its arguments, each quoted where it has to be. */
export function macro(name: string, ...words: readonly string[]): string {
  return [`.${name}`, ...words].join(' ');
}

/** A word as it is to be shown. */
export function literal(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll('()', '\\&()');
  const quoted = escaped.includes(' ') ? `"${escaped}"` : escaped;
  return /^(?:[A-Z%][a-zA-Z]\w?|[.,:;?!()[\]|])$/.test(text) || /^['.]/.test(text) ? `\\&${quoted}` : quoted;
}

/** Lines as they are to be shown, one below the other. */
export function display(lines: readonly string[]): string[] {
  const shown = lines.map((line) => {
    const escaped = line.replaceAll('\\', '\\e').replaceAll('-', '\\-');
    return /^['.]/.test(escaped) ? `\\&${escaped}` : escaped;
  });
  return ['.Bd -literal -offset indent', ...shown, '.Ed'];
}

/** A list whose items have a macro line for a head. */
export function list(type: string, items: readonly (readonly [head: string, body: readonly string[]])[]) {
  return [`.Bl ${type}`, ...items.flatMap(([head, body]) => [`.It ${head}`.trimEnd(), ...body]), '.El'];
}

/** What stands in backquotes, as a callable macro with its argument. */
export function marked(text: string): string {
  if (/^--?[\w?]/.test(text)) return option(text);
  if (text.startsWith('/')) return `Pa ${literal(text)}`;
  if (argumentNames.has(text)) return `Ar ${text}`;
  if (ENVIRONMENT.some(({ name }) => name === text)) return `Ev ${text}`;
  if (/^[A-Z]+(?:_[A-Z]+)+$/.test(text)) return `Dv ${text}`;
  return text.includes(' ') ? `Ql ${literal(text)}` : `Cm ${literal(text)}`;
}

/** `-c 5`, `--source=SOURCE`, `-tan`. */
function option(text: string): string {
  const [, dashless = '', between = '', rest = ''] = /^-(-?[\w?-]+)([ =]?)(.*)$/.exec(text)!;
  const flag = `Fl ${dashless.startsWith('-') ? `\\-${literal(dashless.slice(1))}` : literal(dashless)}`;
  if (between === '') return flag;
  const argument = argumentNames.has(rest) ? `Ar ${rest}` : `Cm ${literal(rest)}`;
  return between === '=' ? `${flag} Ns = Ns ${argument}` : `${flag} ${argument}`;
}

/** Words between blanks; what is in backquotes may hold blanks. */
function words(text: string): readonly string[] {
  return text.match(/(?:`[^`]*`|[^\s`])+/g) ?? [];
}

/** "(`-p`)," and so on: macros with the punctuation around them. */
function markedUp(word: string): string {
  const [, opening = '', core = '', closing = ''] = /^([([]*)(.*?)([)\].,:;?!]*)$/.exec(word)!;
  const pieces = core.match(/`[^`]*`|[^`]+/g) ?? [];
  const joined = pieces
    .map((piece) => (piece.startsWith('`') ? marked(piece.slice(1, -1)) : `No ${literal(piece)}`))
    .join(' Ns ');
  const [name = '', ...rest] = joined.split(' ');
  return [name, ...opening, ...rest, ...closing].join(' ');
}

const LINE_COLUMNS = 80;

function wrapped(list: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of list) {
    const text = word.replaceAll('\\', '\\e');
    const longer = `${lines.at(-1)} ${text}`;
    if (lines.length > 0 && longer.length <= LINE_COLUMNS) lines[lines.length - 1] = longer;
    else lines.push(/^['.]/.test(text) ? `\\&${text}` : text);
  }
  return lines;
}
