import { argumentBytes } from '../format/netstat-quirks.ts';
import type { InternetProtocol } from './command-request.ts';
import { getoptLong, type LongOption, type OptionEvent } from './getopt-long.ts';
import { SECONDS } from './own-settings.ts';

/** What `delta` is asked for. */
export interface DeltaRequest {
  readonly interfaces: boolean;
  /** A byte string: that interface alone. */
  readonly interfaceName: string | undefined;
  readonly statistics: boolean;
  /** Empty: all, and groups of none. */
  readonly protocols: ReadonlySet<InternetProtocol>;
  /** Undefined: both. */
  readonly family: 'inet' | 'inet6' | undefined;
  /** Report after report, until it is ended. */
  readonly repeats: boolean;
  /** Between two readings where there is no command. */
  readonly periodMs: number;
  readonly json: boolean;
  readonly procRoot: string | undefined;
  /** The readings are before and after it. */
  readonly command: readonly string[] | undefined;
}

/** `usage`: of a mistake where there is a message, else because it was asked for. */
export type DeltaOutcome =
  | { readonly kind: 'request'; readonly request: DeltaRequest }
  | { readonly kind: 'usage'; readonly message?: string | undefined };

export const DELTA_USAGE = `usage: sockscope delta [OPTION...] [SECONDS]         what the counters do in that time, or in one second
       sockscope delta [OPTION...] -c [SECONDS]      time after time
       sockscope delta [OPTION...] -- COMMAND...     while the command runs

    -s, --statistics            the protocols' counters
    -t -u -w -U -S              those of TCP, UDP, IP and ICMP, UDP-Lite, SCTP
    -4 -6                       those of IPv4, IPv6, and those of both
    -i, --interfaces            the interfaces' counters
    -I, --interfaces=IFACE      those of this one
        --json                  one line of JSON for each report
        --proc=DIR              the /proc of another host or container
`;

const LETTERS = 'stuwUS46iI:ch';
const PROTOCOLS: Readonly<Record<string, InternetProtocol>> = {
  t: 'tcp',
  u: 'udp',
  w: 'raw',
  U: 'udplite',
  S: 'sctp',
};

const NAMES: readonly LongOption[] = [
  ...named('statistics=s tcp=t udp=u raw=w udplite=U sctp=S inet=4 inet6=6 json help=h', false),
  ...named('interfaces=i continuous=c', 'attached'),
  ...named('proc', true),
];

/** `name=letter`, or `name` for an option without a letter. */
function named(words: string, takesArgument: LongOption['takesArgument']): LongOption[] {
  return words.split(' ').map((word) => {
    const [name = word, value = word] = word.split('=');
    return { name, takesArgument, value };
  });
}

const OPERAND: LongOption = { name: '', takesArgument: true, value: 'operand' };

/** Reads the words after `delta`; what is behind `--` is the command. */
export function parseDeltaWords(words: readonly string[], program: string): DeltaOutcome {
  const dashes = words.indexOf('--');
  const command = dashes < 0 ? undefined : words.slice(dashes + 1);
  const given = new Map<string, string>();
  const mistake = (message: string): DeltaOutcome => ({ kind: 'usage', message: `${program}: ${message}` });
  const operand = (word: string): OptionEvent => ({ kind: 'name', option: OPERAND, argument: word });
  const options = dashes < 0 ? words : words.slice(0, dashes);
  const bytes = options.map(argumentBytes);
  const context = { program, posixlyCorrect: false };
  for (const event of getoptLong(bytes, { letters: LETTERS, names: NAMES, operand }, context)) {
    if (event.kind === 'error') return { kind: 'usage', message: event.message };
    const key = event.kind === 'letter' ? event.letter : event.option.value;
    if (key === 'h') return { kind: 'usage' };
    if (key === 'operand' && !SECONDS.test(event.argument)) {
      return mistake(`delta: what is '${event.argument}'? A command stands behind --`);
    }
    given.set(key, event.argument);
  }
  const name = given.get('I') ?? (given.get('i') || undefined);
  if (name === '') return mistake('delta: -I needs the name of an interface');
  if (given.get('proc') === '') return mistake('delta: --proc needs the path of a folder');
  if (command?.length === 0) return mistake('delta: a command stands behind --');
  const seconds = given.get('operand') ?? (given.get('c') || undefined);
  if (command !== undefined && (given.has('c') || seconds !== undefined)) {
    return mistake('delta: a command says itself how long it takes; it does not go with -c or a time');
  }
  if (seconds !== undefined && (!SECONDS.test(seconds) || Number(seconds) === 0)) {
    return mistake(`delta: '${seconds}' is no number of seconds`);
  }
  return { kind: 'request', request: requestOf(given, name, Number(seconds ?? 1) * 1000, command) };
}

function requestOf(
  given: ReadonlyMap<string, string>,
  interfaceName: string | undefined,
  periodMs: number,
  command: readonly string[] | undefined,
): DeltaRequest {
  const protocols = Object.keys(PROTOCOLS).filter((letter) => given.has(letter));
  const [four, six] = [given.has('4'), given.has('6')];
  const interfaces = given.has('i') || interfaceName !== undefined;
  const statistics = given.has('s') || protocols.length > 0 || four || six;
  const root = given.get('proc');
  return Object.freeze({
    interfaces: interfaces || !statistics,
    interfaceName,
    statistics: statistics || !interfaces,
    protocols: new Set(protocols.map((letter) => PROTOCOLS[letter]!)),
    family: four === six ? undefined : four ? 'inet' : 'inet6',
    repeats: given.has('c'),
    periodMs,
    json: given.has('json'),
    procRoot: root === undefined ? undefined : Buffer.from(root, 'latin1').toString(),
    command,
  });
}
