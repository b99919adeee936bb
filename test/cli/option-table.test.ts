import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { manualFiles } from '../../scripts/manual/files.ts';
import { parseDeltaWords } from '../../src/cli/delta-words.ts';
import { parseDoctorWords } from '../../src/cli/doctor-words.ts';
import { usage } from '../../src/cli/help.ts';
import { parseLayersWords } from '../../src/cli/layers-words.ts';
import {
  EXTENDED_NAMES,
  FAMILY_OPTION,
  LETTERS,
  NAMES,
  OWN_LETTERS,
  OWN_NAMES,
} from '../../src/cli/netstat-options.ts';
import { ENVIRONMENT, OPTION_GROUPS, OPTIONS, SUBCOMMANDS } from '../../src/cli/option-table.ts';
import type { OptionEntry } from '../../src/cli/option-table-entry.ts';
import { parseCommandLine } from '../../src/cli/options.ts';
import { parsePinWords } from '../../src/cli/pin-words.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const committed = Object.fromEntries(
  Object.keys(manualFiles()).map((path) => [path, readFileSync(join(root, path), 'utf8')]),
);

/** `A` takes an argument, `t` takes none: as getopt(3) has letters, each for itself. */
function lettersOf(text: string): string[] {
  return text.match(/[^:]:?/g)!.sort();
}

function tableLetters(options: readonly OptionEntry[]): string[] {
  return options
    .flatMap(({ letter, argument }) =>
      letter === undefined ? [] : `${letter}${argument && argument.optional === undefined ? ':' : ''}`,
    )
    .sort();
}

const sortedSet = (words: Iterable<string>): string[] => [...new Set(words)].sort();
const namesOf = (options: readonly OptionEntry[]): string[] => options.flatMap(({ names }) => names);
const by = (origin: OptionEntry['origin']) => OPTIONS.filter((option) => option.origin === origin);

function parse(words: readonly string[], environment: Record<string, string> = {}) {
  const context = { program: 'sockscope', environment, selinuxEnabled: () => true };
  return parseCommandLine(words, context);
}

describe('the option table and the parser', () => {
  it('know the same letters', () => {
    expect(tableLetters(by('netstat'))).toEqual(lettersOf(LETTERS));
    expect(tableLetters(OPTIONS)).toEqual(lettersOf(OWN_LETTERS));
  });

  it('know the same names, each once in the table', () => {
    expect(namesOf(by('netstat')).sort()).toEqual(sortedSet(NAMES.map(({ name }) => name)));
    expect(namesOf(by('own')).sort()).toEqual(sortedSet(OWN_NAMES.map(({ name }) => name)));
  });

  it('agree on what a name takes', () => {
    for (const { name, takesArgument } of [...EXTENDED_NAMES, ...OWN_NAMES]) {
      const { argument } = OPTIONS.find(({ names }) => names.includes(name))!;
      const wanted = argument === undefined ? false : argument.optional === undefined ? true : 'attached';
      expect({ name, takesArgument }).toEqual({ name, takesArgument: wanted });
    }
  });

  it('agree on which letter a name stands for', () => {
    const families = { 4: 'inet', 6: 'inet6', x: 'unix' } as const;
    for (const { name, value } of NAMES) {
      const { letter } = OPTIONS.find(({ names }) => names.includes(name))!;
      if (value !== FAMILY_OPTION) expect([name, letter ?? name]).toEqual([name, value]);
      else if (letter !== undefined) {
        expect(families[letter as keyof typeof families]).toBe(name === 'ip' ? 'inet' : name);
      }
    }
  });

  it('agree on the words that an argument may be', () => {
    const listed = OPTIONS.filter(({ argument }) => argument?.kind === 'words');
    expect(listed.map(({ names }) => names[0])).toEqual(['protocol', 'source', 'owners', 'threads']);
    for (const { names, argument } of listed) {
      for (const word of argument!.words!) {
        expect(parse([`--${names[0]}=${word}`])).toMatchObject({ notices: [], outcome: { kind: 'request' } });
      }
      const { notices, outcome } = parse([`--${names[0]}=nonsense`]);
      expect(outcome.kind).toBe('failure');
      const [, words] = / takes (.*), not /.exec(notices.join('')) ?? [];
      if (words === undefined) expect(names).toEqual(['protocol']);
      else expect(sortedSet(argument!.words!)).toEqual(words.split(', ').sort());
    }
    expect(parse(['-A', 'inet,unix']).outcome.kind).toBe('request');
  });

  it('agree on the variables that stand for options', () => {
    for (const { name, option } of ENVIRONMENT) {
      if (option === undefined) continue;
      expect(parse([], { [name]: 'nonsense' }).notices.join('')).toContain(`sockscope: ${name} takes `);
      expect(OPTIONS.some(({ names }) => names.includes(option))).toBe(true);
    }
  });

  it.each(['pin', 'unpin'] as const)('know the same options of %s', (verb) => {
    const { options } = SUBCOMMANDS.find(({ name }) => name === verb)!;
    const required = options.flatMap(({ names, isRequired }) => (isRequired ? `--${names[0]}=x` : []));
    for (const { letter, names, argument, isHelp } of options) {
      const value = argument === undefined ? '' : '=x';
      for (const word of [...names.map((name) => `--${name}${value}`), ...(letter ? [`-${letter}`] : [])]) {
        const kind = isHelp ? 'usage' : 'request';
        expect(parsePinWords(verb, [...required, word], 'sockscope').kind).toBe(kind);
      }
    }
    for (const name of [...namesOf(OPTIONS), 'group', 'path'].filter(
      (other) => !options.some(({ names }) => names.includes(other)),
    )) {
      const outcome = parsePinWords(verb, [...required, `--${name}`], 'sockscope');
      expect(outcome).toMatchObject({ kind: 'usage', message: expect.stringContaining('unrecognized') });
    }
  });
});

describe('the table and the parsers of delta, layers and doctor', () => {
  it.each([
    ['delta', parseDeltaWords],
    ['layers', parseLayersWords],
    ['doctor', parseDoctorWords],
  ] as const)('know the same options of %s', (verb, parseWords) => {
    const { options } = SUBCOMMANDS.find(({ name }) => name === verb)!;
    for (const { letter, names, argument, isHelp } of options) {
      const typed = argument?.kind === 'seconds' ? '2' : (argument?.words?.[0] ?? 'x');
      const value = argument === undefined ? '' : `=${typed}`;
      const bare = argument?.optional === undefined && argument !== undefined ? `-${letter}x` : `-${letter}`;
      for (const word of [...names.map((name) => `--${name}${value}`), ...(letter ? [bare] : [])]) {
        expect(parseWords([word], 'sockscope'), word).toMatchObject(
          isHelp ? { kind: 'usage' } : { kind: 'request' },
        );
      }
    }
    const known = options.flatMap(({ names }) => names);
    for (const name of namesOf(OPTIONS).filter((other) => !known.some((one) => one.startsWith(other)))) {
      const outcome = parseWords([`--${name}`], 'sockscope');
      expect(outcome, name).toMatchObject({
        kind: 'usage',
        message: expect.stringContaining('unrecognized'),
      });
    }
    const letters = options.flatMap(({ letter }) => letter ?? []);
    for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') {
      if (letters.includes(letter)) continue;
      expect(parseWords([`-${letter}`], 'sockscope'), letter).toMatchObject({
        kind: 'usage',
        message: expect.stringContaining('invalid option'),
      });
    }
  });
});

describe('what is made of the table', () => {
  const { body } = usage('sockscope');
  const manual = committed['man/sockscope.1']!;

  it('is what is committed', () => {
    for (const [path, text] of Object.entries(manualFiles())) {
      expect(committed[path] === text, `${path}: run node scripts/manual.mjs`).toBe(true);
    }
  });

  it('is what the script writes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sockscope-'));
    try {
      const script = spawnSync(process.execPath, [join(root, 'scripts/manual.mjs'), folder]);
      expect([script.status, script.stderr.toString()]).toEqual([0, '']);
      for (const [path, text] of Object.entries(manualFiles())) {
        expect(readFileSync(join(folder, path), 'utf8') === text, path).toBe(true);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is a usage that names every option, on a screen', () => {
    const signatures = body.split('\n').map((line) => line.slice(0, 29));
    for (const { letter, names, inBrief } of OPTIONS) {
      const place = inBrief ? body : signatures.join('\n');
      if (letter !== undefined) expect(place).toMatch(word(`-${letter}`));
      for (const name of names) expect(place).toMatch(word(`--${name}`));
    }
    for (const { name } of SUBCOMMANDS) {
      expect(body).toMatch(new RegExp(`^(usage:|      ) sockscope ${name}\\b`, 'm'));
    }
    for (const title of Object.values(OPTION_GROUPS)) expect(body.split('\n')).toContain(title);
    for (const { name, option } of ENVIRONMENT) if (option) expect(body).toContain(name);
    const lines = body.split('\n');
    expect(lines.filter((line) => line.length > 100 || line !== line.trimEnd())).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(56);
    expect(body).not.toContain('undefined');
  });

  it('is a manual that has an item for every option', () => {
    const heads = manual
      .replaceAll('\\&', '')
      .split('\n')
      .filter((line) => line.startsWith('.It '));
    const all = [...OPTIONS, ...SUBCOMMANDS.flatMap(({ options }) => options)];
    for (const { letter, names } of all) {
      const flags = names.map((name) => `Fl \\-${name.replaceAll('-', '\\-')}`);
      if (letter !== undefined) flags.push(`Fl ${letter}`);
      expect(heads.filter((head) => flags.every((flag) => head.match(word(flag)))).length).toBeGreaterThan(0);
    }
    for (const { name } of ENVIRONMENT) expect(heads).toContain(`.It Ev ${name}`);
    expect(manual).not.toMatch(/undefined|`-/);
  });

  it('is completions that name every option', () => {
    for (const path of [
      'completions/sockscope.bash',
      'completions/_sockscope',
      'completions/sockscope.fish',
    ]) {
      const text = committed[path]!;
      for (const { letter, names } of OPTIONS) {
        for (const name of names)
          expect(text).toMatch(path.endsWith('.fish') ? word(`-l ${name}`) : word(`--${name}`));
        if (letter === undefined) continue;
        expect(text).toContain(
          path.endsWith('.fish') ? `-s ${letter === '?' ? "'?'" : letter} ` : `-${letter}`,
        );
      }
      for (const { name } of SUBCOMMANDS) expect(text).toMatch(word(name));
      expect(text).not.toMatch(/undefined|@[A-Z_]+@/);
    }
  });
});

/** A word that no letter, digit or dash follows or precedes. */
function word(text: string): RegExp {
  return new RegExp(`(?<![\\w-])${text.replaceAll(/[\\?$]/g, '\\$&')}(?![\\w-])`);
}
