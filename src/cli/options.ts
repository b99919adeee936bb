import { argumentBytes } from '../format/netstat-quirks.ts';
import {
  type CommandRequest,
  INTERNET_PROTOCOLS,
  type InternetProtocol,
  type Mode,
} from './command-request.ts';
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
import { settleOwn } from './own-settings.ts';

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
  const bytes = words.map(argumentBytes);
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
  readonly #families: NetstatFamily[] = [];
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
        // As `-c 5`; netstat passes over operands, and so does the command over what does not begin as a number.
        if (/^\.?\d/.test(event.argument)) this.#own.set('operand', event.argument);
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
    const operand = this.#own.get('operand');
    if (has('c') && operand !== undefined) this.#own.set('period', operand);
    const own = settleOwn(this.#own, preferences);
    if ('mistake' in own) return this.#fail(`${this.#context.program}: ${own.mistake}`, 3);
    const mode = this.#mode();
    const programs = has('p') || has('Z') ? 'lowest' : 'none';
    const request: CommandRequest = Object.freeze({
      mode,
      families: new Set(this.#families),
      familyList: this.#families,
      protocols: new Set(INTERNET_PROTOCOLS.filter((name) => has(PROTOCOL_LETTERS[name]))),
      bluetooth: has('2') || has('f') || this.#families.includes('bluetooth'),
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
      ...own,
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
      this.#families.push(family);
    }
    return undefined;
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

const PROTOCOL_LETTERS = {
  tcp: 't',
  sctp: 'S',
  udp: 'u',
  udplite: 'U',
  raw: 'w',
} as const satisfies Record<InternetProtocol, string>;
