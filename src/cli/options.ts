import type { Programs } from '../format/listing.ts';
import { OWNER_SCANS, type OwnerScanName } from '../owners/owner-scan.ts';
import { SOURCES, type SourceName } from '../source/source.ts';
import { getoptLong, type LongOption, type OptionEvent, type OptionTables } from './getopt-long.ts';
import {
  EXTENDED_NAMES,
  FAMILY_OPTION,
  FAMILY_WORDS,
  LETTERS,
  NAMES,
  type NetstatFamily,
  OWN_LETTERS,
  OWN_NAMES,
} from './netstat-options.ts';

export const INTERNET_PROTOCOLS = ['tcp', 'sctp', 'udp', 'udplite', 'raw'] as const;
export type InternetProtocol = (typeof INTERNET_PROTOCOLS)[number];

/** What is shown: sockets, `-r`, `-i`, `-s`, `-M`. */
export type Mode = 'sockets' | 'routes' | 'interfaces' | 'statistics' | 'nat';

/** What the command line asks for, before netstat's rules about what follows from it. */
export interface CommandRequest {
  readonly mode: Mode;
  /** In the order in which they were named. */
  readonly families: ReadonlySet<NetstatFamily>;
  readonly protocols: ReadonlySet<InternetProtocol>;
  /** `-2` or `-f`. */
  readonly bluetooth: boolean;
  /** `-a` wins over `-l`. */
  readonly which: 'connected' | 'listening' | 'all';
  readonly groups: boolean;
  /** `-p`; `all` for `--owners-all`. */
  readonly programs: Programs;
  readonly wide: boolean;
  readonly extend: boolean;
  /** How often `-e` was given. */
  readonly extendCount: number;
  readonly timers: boolean;
  /** `-Z`. */
  readonly context: boolean;
  /** `-F`, `-C`. */
  readonly fib: boolean;
  readonly cache: boolean;
  /** `-I IFACE`: that interface alone. A byte string. */
  readonly interfaceName: string | undefined;
  readonly numericHosts: boolean;
  readonly numericPorts: boolean;
  readonly numericUsers: boolean;
  /** `-N`. */
  readonly symbolic: boolean;
  readonly verbose: boolean;
  /** `-c`: netstat's statistics are shown once all the same, unless a period is named. */
  readonly repeats: boolean;
  /** From the beginning of one round of `-c` to the beginning of the next. */
  readonly periodMs: number;
  /** How long a round waits for the names of hosts, at the most. */
  readonly resolveTimeoutMs: number;
  readonly json: boolean;
  readonly source: SourceName | 'auto';
  readonly owners: OwnerScanName | 'auto' | 'none';
  readonly threads: 1 | 2 | 'auto';
  readonly procRoot: string | undefined;
}

/** Where the command line leads: to a listing, or to an early end. */
export type Outcome =
  | { readonly kind: 'request'; readonly request: CommandRequest }
  | { readonly kind: 'help' | 'version' | 'usage' }
  | { readonly kind: 'failure'; readonly status: number };

export interface CommandLine {
  /** For stderr, ahead of everything else: byte strings (one character a byte), each with its line's end. */
  readonly notices: readonly string[];
  readonly outcome: Outcome;
}

/** What the command line is read in. */
export interface CommandContext {
  /** The command's name: `netstat` is netstat and nothing else. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly selinuxEnabled: () => boolean;
}

/** Reads the command line from left to right, as netstat does; the first option that ends the program ends the reading. */
export function parseCommandLine(words: readonly string[], context: CommandContext): CommandLine {
  const own = context.program !== 'netstat';
  const tables = own ? OWN_TABLES : { letters: LETTERS, names: NAMES };
  const posixlyCorrect = context.environment.POSIXLY_CORRECT !== undefined;
  const draft = new Draft(context);
  const bytes = words.map((word) => Buffer.from(word).toString('latin1'));
  for (const event of getoptLong(bytes, tables, { program: context.program, posixlyCorrect })) {
    const outcome = draft.take(event);
    if (outcome !== undefined) return { notices: draft.notices, outcome };
  }
  const outcome = draft.settle(own ? context.environment : {});
  return { notices: draft.notices, outcome };
}

const OPERAND: LongOption = { name: '', takesArgument: true, value: 'operand' };

const OWN_TABLES: OptionTables = {
  letters: OWN_LETTERS,
  names: EXTENDED_NAMES,
  furtherNames: OWN_NAMES,
  operand: (word) => ({ kind: 'name', option: OPERAND, argument: word }),
};

/** netstat keeps the names of families in a string of this size, and cuts the argument of each `-A` to it. */
const FAMILY_LIST_BYTES = 255;

class Draft {
  readonly notices: string[] = [];
  readonly #context: CommandContext;
  /** How often an option was given, by its letter (or name, where it has none). */
  readonly #count = new Map<string, number>();
  readonly #families = new Set<NetstatFamily>();
  #familyListBytes = 0;
  /** Arguments of our own options, the last of each. */
  readonly #own = new Map<string, string>();

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** Takes one option; an outcome ends the reading. */
  take(event: OptionEvent): Outcome | undefined {
    if (event.kind === 'error') {
      this.#say(event.message);
      return { kind: 'usage' };
    }
    const key = event.kind === 'letter' ? event.letter : event.option.value;
    if (event.kind === 'name' && key === FAMILY_OPTION) return this.#familyOption(event.option.name);
    switch (key) {
      case '?':
        return { kind: 'usage' };
      case 'h':
        return { kind: 'help' };
      case 'V':
        return { kind: 'version' };
      case 'A':
        return this.#addFamilies(event.argument);
      case '4':
        return this.#addFamilies('inet');
      case '6':
        return this.#addFamilies('inet6');
      case 'x':
        return this.#addFamilies('unix');
      case 'Z':
        if (!this.#context.selinuxEnabled()) return this.#fail('SELinux is not enabled on this machine.', 1);
        break;
      case OPERAND.value:
        // As `-c 5`; netstat passes over operands, and so does the command over all others.
        if (SECONDS.test(event.argument)) this.#own.set('period', event.argument);
        return undefined;
      case 'I':
        return this.#nameInterface(event.argument);
      case 'i':
        if (event.kind === 'name' && event.argument !== '') this.#own.set('interface', event.argument);
        break;
      case 'c':
        if (event.kind === 'name' && event.argument !== '') this.#own.set('period', event.argument);
        break;
      default:
        if (OWN_NAMES.some(({ value }) => value === key)) this.#own.set(key, event.argument);
    }
    this.#count.set(key, (this.#count.get(key) ?? 0) + 1);
    return undefined;
  }

  /** The end of the command line: what has been asked for, all in all. */
  settle(preferences: CommandContext['environment']): Outcome {
    const has = (option: string): boolean => this.#count.has(option);
    const modes = [...'irMs'].reduce((sum, letter) => sum + (this.#count.get(letter) ?? 0), 0);
    if (modes > 1) return { kind: 'usage' };
    if (this.#own.has('interface') && !has('i') && modes > 0) {
      return this.#fail(`${this.#context.program}: -I shows an interface; it does not go with -r, -s, -M`, 3);
    }
    const host = this.#hostOptions(preferences);
    if ('kind' in host) return host;
    const times = this.#times();
    if ('kind' in times) return times;
    const mode = this.#mode();
    const programs = has('p') || has('Z') ? 'lowest' : 'none';
    const request: CommandRequest = Object.freeze({
      mode,
      families: this.#families,
      protocols: new Set(INTERNET_PROTOCOLS.filter((name) => has(PROTOCOL_LETTERS[name]))),
      bluetooth: has('2') || has('f') || this.#families.has('bluetooth'),
      which: has('a') ? 'all' : has('l') ? 'listening' : 'connected',
      groups: has('g'),
      programs: this.#own.has('owners-all') ? 'all' : programs,
      wide: has('W'),
      extend: has('e'),
      extendCount: this.#count.get('e') ?? 0,
      timers: has('o'),
      context: has('Z'),
      fib: has('F'),
      cache: has('C'),
      interfaceName: this.#own.get('interface'),
      numericHosts: has('n') || has('numeric-hosts'),
      numericPorts: has('n') || has('numeric-ports'),
      numericUsers: has('n') || has('numeric-users'),
      symbolic: has('N'),
      verbose: has('v'),
      repeats: has('c') && (mode !== 'statistics' || this.#own.has('period')),
      json: this.#own.has('json'),
      ...times,
      ...host,
    });
    return { kind: 'request', request };
  }

  #mode(): Mode {
    const letter = [...'Msri'].find((option) => this.#count.has(option)) as keyof typeof MODES | undefined;
    if (letter !== undefined) return MODES[letter];
    return this.#own.has('interface') ? 'interfaces' : 'sockets';
  }

  /** `-I IFACE`, which may stand beside `-i`. */
  #nameInterface(name: string): Outcome | undefined {
    if (name === '') return this.#fail(`${this.#context.program}: -I needs the name of an interface`, 3);
    this.#own.set('interface', name);
    return undefined;
  }

  #times(): Pick<CommandRequest, 'periodMs' | 'resolveTimeoutMs'> | Outcome {
    const period = this.#own.get('period') ?? '1';
    if (!SECONDS.test(period) || Number(period) === 0) return this.#wrongSeconds('--continuous', period);
    const timeout = this.#own.get('resolve-timeout') ?? DEFAULT_RESOLVE_TIMEOUT;
    if (!SECONDS.test(timeout)) return this.#wrongSeconds('--resolve-timeout', timeout);
    return { periodMs: Number(period) * 1000, resolveTimeoutMs: Number(timeout) * 1000 };
  }

  #hostOptions(
    preferences: CommandContext['environment'],
  ): Pick<CommandRequest, 'source' | 'owners' | 'threads' | 'procRoot'> | Outcome {
    const source = this.#preferred('source', preferences.SOCKSCOPE_SOURCE, SOURCE_WORDS);
    if (typeof source === 'object') return source;
    const owners = this.#preferred('owners', preferences.SOCKSCOPE_OWNERS, OWNERS_WORDS);
    if (typeof owners === 'object') return owners;
    const threads = this.#own.get('threads') ?? 'auto';
    if (!isOneOf(threads, THREAD_WORDS)) return this.#wrongWord('--threads', threads, THREAD_WORDS);
    const root = this.#own.get('proc');
    if (root === '') return this.#fail(`${this.#context.program}: --proc needs the path of a folder`, 3);
    return {
      source,
      owners,
      threads: threads === 'auto' ? threads : threads === '1' ? 1 : 2,
      procRoot: root === undefined ? undefined : Buffer.from(root, 'latin1').toString(),
    };
  }

  /** The word of one of our options; else of its environment variable, where that is set; else `auto`. */
  #preferred<Word extends string>(
    option: 'source' | 'owners',
    preference: string | undefined,
    words: readonly (Word | 'auto')[],
  ): Word | 'auto' | Outcome {
    const named = this.#own.get(option);
    const word = named ?? (preference || 'auto');
    if (isOneOf(word, words)) return word;
    return this.#wrongWord(
      named === undefined ? `SOCKSCOPE_${option.toUpperCase()}` : `--${option}`,
      word,
      words,
    );
  }

  #familyOption(name: string): Outcome | undefined {
    // netstat's table of long options has one more family than the part of it that netstat looks at.
    if (name === 'tcpip') this.#say("netstat.c: Internal Error `longopts 1 range'.");
    else return this.#addFamilies(name);
    return undefined;
  }

  /** A comma separated list. Where netstat's own list is full, the rest of this one is left out, and no error. */
  #addFamilies(list: string): Outcome | undefined {
    for (const word of list.slice(0, FAMILY_LIST_BYTES).split(',')) {
      if (!Object.hasOwn(FAMILY_WORDS, word)) return this.#fail(`Unknown address family \`${word}'.`, 1);
      const family = FAMILY_WORDS[word as keyof typeof FAMILY_WORDS];
      const bytes = this.#familyListBytes + (this.#familyListBytes > 0 ? 1 : 0) + family.length;
      if (bytes > FAMILY_LIST_BYTES) {
        this.#say('Too much address family arguments.');
        return undefined;
      }
      this.#familyListBytes = bytes;
      this.#families.add(family);
    }
    return undefined;
  }

  #wrongSeconds(option: string, word: string): Outcome {
    return this.#fail(`${this.#context.program}: ${option} takes a number of seconds, not '${word}'`, 3);
  }

  #wrongWord(option: string, word: string, words: readonly string[]): Outcome {
    return this.#fail(`${this.#context.program}: ${option} takes ${words.join(', ')}, not '${word}'`, 3);
  }

  #fail(line: string, status: number): Outcome {
    this.#say(line);
    return { kind: 'failure', status };
  }

  #say(line: string): void {
    this.notices.push(`${line}\n`);
  }
}

const MODES = { M: 'nat', s: 'statistics', r: 'routes', i: 'interfaces' } as const;
/** Up to a week: more would not fit a timer. */
const SECONDS = /^\d{1,6}(\.\d{1,3})?$/;
const DEFAULT_RESOLVE_TIMEOUT = '5';

const PROTOCOL_LETTERS = {
  tcp: 't',
  sctp: 'S',
  udp: 'u',
  udplite: 'U',
  raw: 'w',
} as const satisfies Record<InternetProtocol, string>;
const SOURCE_WORDS = ['auto', ...SOURCES] as const;
const OWNERS_WORDS = ['auto', ...OWNER_SCANS, 'none'] as const;
const THREAD_WORDS = ['auto', '1', '2'] as const;

function isOneOf<T extends string>(word: string, words: readonly T[]): word is T {
  return words.includes(word as T);
}
