import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOptions as parseBenchOptions } from '../../bench/options.ts';
import { getoptLong, type OptionEvent } from '../../src/cli/getopt-long.ts';
import { SUBCOMMANDS } from '../../src/cli/option-table.ts';
import type { Subcommand } from '../../src/cli/option-table-entry.ts';
import { parseCommandLine } from '../../src/cli/options.ts';
import { DOCUMENTS, type Document, ROOT } from './document.ts';

/** Options of other programs that the documents speak of. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  ld: ['-z'],
  npm: ['--tag', '--provenance', '--ignore-scripts', '--offline'],
  node: [
    '--permission',
    '--allow-addons',
    '--allow-fs-read',
    '--allow-worker',
    '--experimental-sea-config',
    '--experimental-permission',
  ],
  esbuild: ['--bundle', '--platform', '--outfile'],
  docker: [
    ...['--network', '--pid', '--user', '--group-add', '--volume', '--env', '--read-only'],
    ...[
      '--build-arg',
      '--cap-add',
      '--cap-drop',
      '--security-opt',
      '--privileged',
      '--tmpfs',
      '--pids-limit',
      '--memory',
    ],
  ],
};

/** Whether all options of a text are those of one other program. */
function isForeign(text: string): boolean {
  const options = text.split(' ').filter((word) => word.startsWith('-'));
  return Object.values(FOREIGN).some((known) =>
    options.every((option) => known.includes(option.split('=')[0]!)),
  );
}

/** What stands for an argument, and an argument. */
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/\bSECONDS\b/g, '5'],
  [/\bIFACE\b/g, 'lo'],
  [/\bDIR\b/g, '/proc'],
  [/\bGROUP\b/g, 'monitoring'],
  [/\bFILE\b/g, '/run/owners'],
  [/\bNAME\b/g, 'established'],
  [/\bN\b/g, '2'],
];

/** Every piece of text that is to be typed: inline code, and lines of blocks of shell and of terminals. */
function typed({ path, code, blocks }: Document): [string, string][] {
  const lines = blocks
    .filter(({ info }) => info === 'sh' || info === 'console')
    .flatMap((block) => block.lines.map((text, at) => ({ line: block.line + 1 + at, text })))
    .map(({ line, text }) => ({ line, text: text.replace(/^\$ /, '').replace(/\s+#.*$/, '') }));
  return [...code, ...lines].map(({ line, text }) => [`${path}:${line} ${text}`, text]);
}

const texts = DOCUMENTS.flatMap(typed);
const beginning = (pattern: RegExp): [string, string][] => texts.filter(([, text]) => pattern.test(text));

/** `--source netlink|procfs` is two lines of options. */
function alternatives(text: string): string[][] {
  const plain = PLACEHOLDERS.reduce((words, [name, value]) => words.replaceAll(name, value), text);
  return plain
    .split(' ')
    .reduce<string[][]>(
      (lines, word) =>
        word
          .split('|')
          .flatMap((choice, index) =>
            lines.map((line) => [...line, index === 0 ? choice : word.replace(/[^=]*$/, '') + choice]),
          ),
      [[]],
    );
}

/** An option's name alone, without the argument that it needs, speaks of it. */
const ONLY_NAMED = /requires an argument|argument missing/;

/** What the command's own parser has against the words, or undefined. */
function mistakeIn(words: readonly string[]): string | undefined {
  const context = { program: 'sockscope', environment: {}, selinuxEnabled: () => true };
  const { notices, outcome } = parseCommandLine(words, context);
  return outcome.kind === 'usage' || outcome.kind === 'failure' || notices.length > 0
    ? `${outcome.kind}: ${notices.join('')}`
    : undefined;
}

/** The same of a subcommand, by its options in the table of options; its name alone speaks of it. */
function subcommandMistakeIn({ options, command, operand }: Subcommand, words: readonly string[]): string[] {
  const dashes = command === undefined ? -1 : words.indexOf('--');
  const own = dashes < 0 ? words : words.slice(0, dashes);
  const letters = options.map(({ letter, argument }) =>
    letter === undefined
      ? ''
      : `${letter}${argument !== undefined && argument.optional === undefined ? ':' : ''}`,
  );
  const names = options.flatMap((option) =>
    option.names.map((name) => {
      const { argument } = option;
      const takesArgument =
        argument === undefined ? false : argument.optional === undefined ? true : ('attached' as const);
      return { name, takesArgument, value: name };
    }),
  );
  const stray = (word: string): OptionEvent =>
    operand === undefined
      ? { kind: 'error', message: `what is ${word}?` }
      : { kind: 'letter', letter: 'operand', argument: word };
  const events = [
    ...getoptLong(
      own,
      { letters: letters.join(''), names, operand: stray },
      { program: 'sockscope', posixlyCorrect: false },
    ),
  ];
  const given = events.flatMap((event) => (event.kind === 'name' ? [event.option.name] : []));
  const lacking = options.filter(({ isRequired, names: [name] }) => isRequired && !given.includes(name!));
  return [
    ...events.flatMap((event) => (event.kind === 'error' ? [event.message] : [])),
    ...(words.length === 0 ? [] : lacking.map(({ names: [name] }) => `--${name} is missing`)),
  ];
}

describe('what the documents say is to be typed', () => {
  it.each(beginning(/^-[-\w]/))('%s: an option', (_, text) => {
    if (isForeign(text)) return;
    for (const words of alternatives(text)) {
      const mistake = mistakeIn(words);
      if (mistake === undefined || isOnlyNamed(words, mistake)) continue;
      const ofBench = benchMistakeIn(words);
      if (!isOnlyNamed(words, ofBench ?? '')) expect(ofBench, mistake).toBeUndefined();
    }
  });

  it.each(beginning(/^sockscope /))('%s: a command', (_, text) => {
    for (const [, first, ...rest] of alternatives(text.replace(/ >.*$|, \.\.\.$/, ''))) {
      const subcommand = SUBCOMMANDS.find(({ name }) => name === first);
      if (subcommand === undefined) expect(mistakeIn([first!, ...rest])).toBeUndefined();
      else expect(subcommandMistakeIn(subcommand, rest)).toEqual([]);
    }
  });

  it.each(beginning(/^(?:\w+=\S+ )*npm /))('%s: a script', (_, text) => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const script = /npm run (\S+)/.exec(text)?.[1];
    if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
    const benchWords = /npm run bench -- (.*)$/.exec(text)?.[1];
    if (benchWords !== undefined) expect(benchMistakeIn(benchWords.split(' '))).toBeUndefined();
    const ownWords = /npm start (?:--silent )?-- (.*?)(?: >.*)?$/.exec(text)?.[1];
    if (ownWords !== undefined) expect(mistakeIn(ownWords.split(' '))).toBeUndefined();
  });

  it('names every option in a way that an unknown one is found out', () => {
    expect(mistakeIn(['--nonsense'])).toContain('usage');
    expect(benchMistakeIn(['--nonsense'])).toContain('nonsense');
    const [pin, , delta] = SUBCOMMANDS;
    expect(subcommandMistakeIn(pin!, ['--path=/x'])).toEqual(['--group is missing']);
    expect(subcommandMistakeIn(delta!, ['--nonsense', '--', 'ls', '-l'])).toHaveLength(1);
    expect(alternatives('--source=netlink|procfs')).toEqual([['--source=netlink'], ['--source=procfs']]);
  });
});

describe('what the documents name', () => {
  it('of environment variables is read somewhere', () => {
    const sources = ['src', 'test', 'scripts', 'bench', 'examples', '.ci'].flatMap(filesUnder).join('\n');
    const named = new Set(DOCUMENTS.flatMap(({ text }) => text.match(/\bSOCKSCOPE_[A-Z_]+\b/g) ?? []));
    expect(named.size).toBeGreaterThan(3);
    // As a property, in a pattern of properties, or set.
    const isRead = (name: string) => new RegExp(`[.{,]\\s*${name}\\b|\\b${name}=`).test(sources);
    expect([...named].filter((name) => !isRead(name))).toEqual([]);
  });

  it('of error codes is thrown', () => {
    const codes = readFileSync(join(ROOT, 'src/errors.ts'), 'utf8');
    const named = DOCUMENTS.flatMap(({ text }) => text.match(/\bERR_[A-Z_]+\b/g) ?? []);
    expect([...new Set(named)].filter((code) => !codes.includes(`'${code}'`))).toEqual([]);
  });
});

function isOnlyNamed(words: readonly string[], mistake: string): boolean {
  return words.length === 1 && ONLY_NAMED.test(mistake);
}

function benchMistakeIn(words: readonly string[]): string | undefined {
  const scenarios = words.map((word, at) =>
    words[at - 1] === '--scenario' && word === 'established' ? 'owners' : word,
  );
  try {
    parseBenchOptions(scenarios);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Texts of the programs below a folder, but for this one's. */
function filesUnder(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|mjs|sh)$|^run$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('test/readme'))
    .map((path) => readFileSync(path, 'utf8'));
}
