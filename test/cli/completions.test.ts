import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMPLETED } from '../../scripts/manual/completion-options.ts';
import { OPTIONS, SUBCOMMANDS } from '../../src/cli/option-table.ts';
import { requirement } from '../requirements.ts';
import { askBash, type Offers, SHELLS } from './completions-shells.ts';

const folder = fileURLToPath(new URL('../../completions', import.meta.url));

const families = OPTIONS.find(({ letter }) => letter === 'A')!.argument!.words!;
const interfaces = readdirSync('/sys/class/net').filter((name) =>
  existsSync(`/sys/class/net/${name}/ifindex`),
);
const verbs = SUBCOMMANDS.map(({ name }) => name);
const groups = readFileSync('/etc/group', 'utf8').match(/^[^:\n]+/gm)!;
const beginning = (words: readonly string[], start: string) => words.filter((word) => word.startsWith(start));

/** What each line is completed to in every shell: all of it, in whatever order. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'sockscope ': verbs,
  'sockscope pi': ['pin'],
  'sockscope --source ': ['netlink', 'procfs', 'auto'],
  'sockscope -tan --source pro': ['procfs'],
  'sockscope --owners b': ['bpf', 'bpf-pinned'],
  'sockscope --threads ': ['1', '2', 'auto'],
  'sockscope -A ': families,
  'sockscope -A inet,x': ['inet,x25'],
  'sockscope -A inet,unix,ro': ['inet,unix,rose'],
  'sockscope --protocol blue': ['bluetooth'],
  'sockscope -tnA un': ['unix'],
  'sockscope -Ane': ['-Anetrom'],
  'sockscope -tnAinet,ax': ['-tnAinet,ax25'],
  'sockscope -I ': interfaces,
  'sockscope -I l': beginning(interfaces, 'l'),
  'sockscope -tI l': beginning(interfaces, 'l'),
  'sockscope -i ': [],
  'sockscope -i l': [],
  'sockscope --resolve-timeout ': [],
  'sockscope -c ': [],
  'sockscope -- --so': [],
  'sockscope -t pi': [],
  'sockscope --own': ['--owners', '--owners-all'],
  'sockscope --jso': ['--json'],
  'sockscope pin --gr': ['--group'],
  'sockscope pin --so': [],
  'sockscope pin --group roo': beginning(groups, 'roo'),
  'sockscope pin --path /etc/passw': ['/etc/passwd', '/etc/passwd-'].filter(existsSync),
  'sockscope unpin --': ['--path', '--help'],
  'sockscope layers --': ['--help', '--json', '--numeric', '--proc'],
  'sockscope doctor --': ['--help', '--json', '--owners', '--proc', '--source'],
  'sockscope doctor --source pro': ['procfs'],
  'sockscope delta -I l': beginning(interfaces, 'l'),
  'sockscope delta --js': ['--json'],
  'sockscope delta -s -- basenam': ['basename'],
  'sockscope delta -s -- cat /etc/passw': ['/etc/passwd', '/etc/passwd-'].filter(existsSync),
  'sockscope layers -- basenam': [],
};

/** The same behind an equals sign: shells differ in what they take for the word. */
const BEHIND_EQUALS: Readonly<Record<string, readonly string[]>> = {
  'sockscope --source=': ['netlink', 'procfs', 'auto'],
  'sockscope --source=pro': ['procfs'],
  'sockscope -a --owners=n': ['none'],
  'sockscope --protocol=inet,x': ['inet,x25'],
  'sockscope --interfaces=l': beginning(interfaces, 'l'),
  'sockscope --resolve-timeout=': [],
  'sockscope --nonsense=': [],
  'sockscope pin --group=roo': beginning(groups, 'roo'),
};

/** One line for all options of a subcommand that begin with two dashes, and one for letters. */
const optionLines = [...COMPLETED.keys()].flatMap((verb) => {
  const begin = verb === '' ? 'sockscope' : `sockscope ${verb}`;
  return [`${begin} -`, `${begin} --`];
});

describe.each(['bash', 'zsh', 'fish'] as const)('completions of %s', (shell) => {
  const missing = shell === 'bash' ? undefined : requirement(shell);
  const file = join(folder, shell === 'zsh' ? '_sockscope' : `sockscope.${shell}`);
  let offers: Offers;

  /** Without the equals sign that an argument follows, and the directory that zsh leaves out of its matches. */
  const plain = (line: string): string[] => {
    const path = / (\/\S*\/)[^/]*$/.exec(line)?.[1] ?? '';
    const words = offers.get(line)!.map((word) => {
      return path !== '' && !word.startsWith('/') ? `${path}${word}` : word.replace(/=$/, '');
    });
    return [...new Set(words)].sort();
  };

  beforeAll(() => {
    if (missing === undefined) {
      offers = SHELLS[shell]([...Object.keys(EXPECTED), ...Object.keys(BEHIND_EQUALS), ...optionLines]);
    }
  });

  it.skipIf(missing)(`are its language${missing ? ` (${missing})` : ''}`, () => {
    const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it.skipIf(missing).each([...COMPLETED.keys()])('offer every option of "%s"', (verb) => {
    const begin = verb === '' ? 'sockscope' : `sockscope ${verb}`;
    const wanted = COMPLETED.get(verb)!;
    const dashes = [...plain(`${begin} -`), ...plain(`${begin} --`)].filter((word) => word !== '--');
    const ways = wanted.flatMap(({ letter, names }) => [
      ...(letter === undefined ? [] : [`-${letter}`]),
      ...names.map((name) => `--${name}`),
    ]);
    expect([...new Set(dashes)].sort()).toEqual(ways.sort());
  });

  it.skipIf(missing).each(Object.keys(EXPECTED))('complete %j', (line) => {
    expect(plain(line)).toEqual([...EXPECTED[line]!].sort());
  });

  it.skipIf(missing).each(Object.keys(BEHIND_EQUALS))('complete %j', (line) => {
    const begin = `${/\S+=/.exec(line)![0]}`;
    expect([...offers.get(line)!].sort()).toEqual(
      BEHIND_EQUALS[line]!.map((word) => `${begin}${word}`).sort(),
    );
  });
});

describe('completions of bash', () => {
  it('are the same where an equals sign is a word of its own', () => {
    const offers = askBash(Object.keys(BEHIND_EQUALS), { breakAtEquals: true });
    for (const [line, words] of Object.entries(BEHIND_EQUALS)) {
      expect([line, [...offers.get(line)!].sort()]).toEqual([line, [...words].sort()]);
    }
  });

  it('leave the words of a command to bash-completion where that is loaded', () => {
    const line = 'sockscope delta -t -- cat /etc/pass';
    for (const name of ['_comp_command_offset', '_command_offset']) {
      const offers = askBash([line], { afterwards: `${name}() { COMPREPLY=("from-word-$1"); }` });
      expect(offers.get(line)).toEqual(['from-word-4']);
    }
  });

  it('do not run what somebody has named an interface', () => {
    const victim = join(tmpdir(), `sockscope-${process.pid}-victim`);
    const name = `e$(touch$IFS${victim})`;
    const afterwards = `_sockscope_interfaces() { printf '%s\\n' '${name}' lo; }`;
    const offers = askBash(['sockscope -I ', 'sockscope --interfaces=e'], { afterwards });
    expect(offers.get('sockscope -I ')).toEqual([name, 'lo']);
    expect(offers.get('sockscope --interfaces=e')).toEqual([`--interfaces=${name}`]);
    expect(existsSync(victim)).toBe(false);
  });
});
