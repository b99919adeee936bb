import { Protocol, type ProtocolName } from '../socket/protocol.ts';
import { State } from '../socket/state.ts';
import { packed } from './digits.ts';
import { unknownTcpState } from './netstat-quirks.ts';

/** What sets the rows of one protocol apart. */
export interface InternetLayout {
  readonly protocol: ProtocolName;
  /** First six bytes of a row, packed as two words: of IPv4, of IPv6. */
  readonly label: readonly [number, number];
  readonly label6: readonly [number, number];
  /** Twelve bytes for each value of the state column, packed as three words; the last byte is a blank. */
  readonly states: Uint32Array;
  /** The state of a listener, whose Send-Q is not shown; undefined where there are none. */
  readonly listen: number | undefined;
  /** TCP goes its own ways: what `-l` shows, the timers' words. */
  readonly isTcp: boolean;
}

const TCP_STATES = [
  '',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
] as const;

/** netstat's word for a socket state, '' for 0; undefined for one it does not know. */
export function tcpStateWord(state: number): string | undefined {
  return TCP_STATES[state];
}

function udpStateWord(state: number): string {
  if (state === State.established) return 'ESTABLISHED';
  return state === State.close ? '' : 'UNKNOWN';
}

/** Of the first `states` states each has a word of its own, the others have that of the last. */
function stateWords(word: (state: number) => string, states = 256): Uint32Array {
  const words = new Uint32Array(256 * 3);
  for (let state = 0; state < states; state++) {
    const text = word(state);
    for (let i = 0; i < 3; i++) words[state * 3 + i] = packed(text, i * 4);
  }
  for (let at = states * 3; at < words.length; at++) words[at] = words[at - 3]!;
  return words;
}

function build(protocol: ProtocolName): InternetLayout {
  const short = protocol === 'udplite' ? 'udpl' : protocol;
  const isTcp = protocol === 'tcp';
  const word = isTcp ? (state: number) => tcpStateWord(state) ?? unknownTcpState() : udpStateWord;
  return {
    protocol,
    label: [packed(short), packed(short, 4)],
    label6: [packed(`${short}6`), packed(`${short}6`, 4)],
    states: protocol === 'raw' ? stateWords(String) : stateWords(word, TCP_STATES.length + 1),
    listen: isTcp ? State.listen : undefined,
    isTcp,
  };
}

const NAMES = new Map<number, ProtocolName>([
  [Protocol.tcp, 'tcp'],
  [Protocol.udp, 'udp'],
  [Protocol.udplite, 'udplite'],
  [Protocol.raw, 'raw'],
]);

/** The layout of a value of the protocol column; throws a RangeError for one that has no internet table. */
export function internetLayout(protocol: number): InternetLayout {
  const name = NAMES.get(protocol);
  if (name === undefined) throw new RangeError(`no internet table for protocol ${protocol}`);
  return build(name);
}
