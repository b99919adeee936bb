import type { LongOption } from './getopt-long.ts';

/** The value of every long option that names an address family: to getopt they are all one option. */
export const FAMILY_OPTION = 'family';

/** netstat's one-letter options. */
export const LETTERS = 'A:CFMacdeghilnNoprstSuUvVWw2fx64?Z';

/** netstat's long options in the order in which its messages list them. */
export const NAMES: readonly LongOption[] = [
  ...families('ax25 x25 ip ipx appletalk netrom inet inet6 ddp rose unix bluetooth tcpip'),
  ...options('version=V interfaces=i help=h route=r masquerade=M'),
  { name: 'protocol', takesArgument: true, value: 'A' },
  ...options('tcp=t sctp=S udp=u udplite=U raw=w unix=x l2cap=2 rfcomm=f listening=l all=a timers=o'),
  ...options('continuous=c extend=e programs=p verbose=v statistics=s wide=W numeric=n'),
  ...options('numeric-hosts numeric-ports numeric-users symbolic=N cache=C fib=F groups=g context=Z'),
];

/**
 * What the command takes besides: `-I IFACE`, as older netstats did. A departure, as are the arguments of names below, and
 * a number after -c, which is its period here. Seen: `netstat: invalid option -- 'I'`, `netstat: option '--interfaces'
 * doesn't allow an argument`, each with the usage and 3; rounds of a second for `-c 9`.
 */
export const OWN_LETTERS = `${LETTERS}I:`;

/** netstat's names, to which the command adds arguments: `--interfaces=IFACE`, `--continuous=SECONDS`. */
export const EXTENDED_NAMES: readonly LongOption[] = NAMES.map((option) =>
  ['interfaces', 'continuous'].includes(option.name) ? { ...option, takesArgument: 'attached' } : option,
);

/** What the command takes besides; a prefix that means something to netstat means that. */
export const OWN_NAMES: readonly LongOption[] = [
  ...['source', 'proc', 'threads', 'owners', 'resolve-timeout'].map((name) => ({
    name,
    takesArgument: true,
    value: name,
  })),
  ...['owners-all', 'json'].map((name) => ({ name, takesArgument: false, value: name })),
];

/** Address families as the command line names them. */
export const FAMILY_WORDS = {
  inet: 'inet',
  ip: 'inet',
  tcpip: 'inet',
  inet6: 'inet6',
  ip6: 'inet6',
  unix: 'unix',
  ipx: 'ipx',
  ax25: 'ax25',
  x25: 'x25',
  netrom: 'netrom',
  rose: 'rose',
  ddp: 'ddp',
  appletalk: 'ddp',
  econet: 'ec',
  ash: 'ash',
  bluetooth: 'bluetooth',
} as const;

/** An address family by the name that netstat's list of them holds. */
export type NetstatFamily = (typeof FAMILY_WORDS)[keyof typeof FAMILY_WORDS];

function families(words: string): LongOption[] {
  return words.split(' ').map((name) => ({ name, takesArgument: false, value: FAMILY_OPTION }));
}

/** `name=letter`, or `name` for an option without a letter. */
function options(words: string): LongOption[] {
  return words.split(' ').map((word) => {
    const [name = word, letter = word] = word.split('=');
    return { name, takesArgument: false, value: letter };
  });
}
