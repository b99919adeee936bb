import type { ByteWriter } from './byte-writer.ts';
import { type CounterLine, HIGHLIGHTS, PROTOCOLS, SEGMENTS } from './layers-counters.ts';
import { bytesInUnits } from './netstat-interface-quirks.ts';
import { printable } from './printable.ts';

/** What a device has, and what has become of its packets since it was made. */
export interface LinkFacts {
  readonly name: string;
  /** Undefined where it cannot be told: of another network namespace. */
  readonly isUp: boolean | undefined;
  /** Undefined where it cannot be told. */
  readonly mtu: number | undefined;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  /** Received and sent together. */
  readonly errors: bigint;
  readonly dropped: bigint;
}

/** One of the two Internet protocols. */
export interface NetworkFacts {
  readonly family: 'inet' | 'inet6';
  readonly addresses: number;
  readonly routes: number;
  /** Where what has no other route goes: `10.0.0.1 on eth0`, `eth0`. */
  readonly defaultRoutes: readonly string[];
}

/** Sockets of one protocol by the name of their state. */
export interface SocketFacts {
  readonly protocol: string;
  readonly states: Readonly<Record<string, number>>;
}

/** All processes of one name. */
export interface ProgramFacts {
  /** Undefined for sockets that nobody is known to hold. */
  readonly program: string | undefined;
  readonly processes: number;
  readonly listening: number;
  readonly connected: number;
  /** Sockets of unix. */
  readonly unix: number;
  readonly other: number;
}

export interface LayersFacts {
  readonly links: readonly LinkFacts[];
  readonly networks: readonly NetworkFacts[];
  /** Memberships in multicast groups. */
  readonly groups: number;
  /** Connections under address translation; undefined where that cannot be told. */
  readonly nat: number | undefined;
  /** The kernel's counters by group and name, such as `Tcp`, `RetransSegs`. */
  readonly counters: Readonly<Record<string, Readonly<Record<string, bigint>>>>;
  readonly sockets: readonly SocketFacts[];
  /** The greatest first. */
  readonly programs: readonly ProgramFacts[];
}

const LABEL = 12;
const TEXT = 74;
/** Devices and programs that one screen has room for. */
const MOST = 8;

/** The host on one screen, from the link up to the programs; at each line's end the switch that shows more. */
export class LayersScreen {
  readonly #out: ByteWriter;
  readonly #facts: LayersFacts;

  constructor(out: ByteWriter, facts: LayersFacts) {
    this.#out = out;
    this.#facts = facts;
  }

  write(): void {
    this.#writeLink();
    this.#writeNetwork();
    this.#writeTransport();
    this.#writePrograms();
  }

  #writeLink(): void {
    const { links } = this.#facts;
    const up = links.filter(({ isUp }) => isUp === true).length;
    const known = links.every(({ isUp }) => isUp === undefined) ? '' : `, ${up} up`;
    this.#line('LINK', `${count(links.length, 'interface')}${known}`, '-ia');
    // What has trouble first, then what carries most.
    const sorted = links.toSorted(
      (a, b) => compare(trouble(b), trouble(a)) || compare(traffic(b), traffic(a)),
    );
    for (const link of sorted.slice(0, MOST)) {
      this.#line(`  ${printable(link.name)}`, linkText(link), link.isUp === false ? '-iae' : '-ie');
    }
    this.#more(links.length - MOST, 'interface', '-ia');
  }

  #writeNetwork(): void {
    const { networks, groups, nat } = this.#facts;
    const forwarded =
      (this.#value('Ip', 'ForwDatagrams') ?? 0n) + (this.#value('Ip6', 'Ip6OutForwDatagrams') ?? 0n);
    this.#line('NETWORK', forwarded === 0n ? 'forwards nothing' : `forwarded ${forwarded} packets`, '-sw');
    for (const network of networks) {
      const isSix = network.family === 'inet6';
      this.#line(isSix ? '  IPv6' : '  IPv4', networkText(network), isSix ? '-r6' : '-r');
      for (const line of HIGHLIGHTS[network.family]) this.#counters(line, isSix ? '-sw6' : '-sw');
    }
    this.#line('  groups', `${count(groups, 'multicast membership')}`, '-g');
    if (nat !== undefined) this.#line('  NAT', count(nat, 'translated connection'), '-M');
  }

  #writeTransport(): void {
    const { sockets } = this.#facts;
    const all = sockets.reduce((sum, { states }) => sum + total(states), 0);
    this.#line('TRANSPORT', count(all, 'socket'), '-a');
    for (const { protocol, states } of sockets) {
      const known = PROTOCOLS[protocol] ?? { label: protocol, letter: '' };
      this.#line(`  ${known.label}`, stateText(states), `-${known.letter}a`);
      for (const counters of known.counters ?? []) this.#counters(counters, `-s${known.letter}`);
    }
  }

  #writePrograms(): void {
    const { programs } = this.#facts;
    const named = programs.filter(({ program }) => program !== undefined);
    const processes = named.reduce((sum, program) => sum + program.processes, 0);
    this.#line(
      'PROGRAMS',
      `${count(named.length, 'program')} in ${count(processes, 'process', 'es')}`,
      '-ap',
    );
    for (const program of programs.slice(0, MOST)) {
      this.#line(`  ${programName(program.program)}`, programText(program), '-ap');
    }
    const shown = programs.slice(0, MOST).filter(({ program }) => program !== undefined);
    this.#more(named.length - shown.length, 'program', '-ap');
  }

  /** One line of counters; none where the kernel has none of them. */
  #counters({ label, counters }: CounterLine, hint: string): void {
    const parts: string[] = [];
    for (const { group, name, text, always } of counters) {
      const value = this.#value(group, name);
      if (value !== undefined && (always === true || value !== 0n)) parts.push(`${value} ${text}`);
    }
    const share = label === SEGMENTS ? this.#retransmitted() : undefined;
    if (share !== undefined) parts.push(share);
    if (parts.length > 0) this.#line(`    ${label}`, parts.join(', '), hint);
  }

  #retransmitted(): string | undefined {
    const sent = this.#value('Tcp', 'OutSegs');
    const again = this.#value('Tcp', 'RetransSegs');
    if (!sent || again === undefined) return undefined;
    return `${again} sent again (${((Number(again) / Number(sent)) * 100).toFixed(2)} %)`;
  }

  #value(group: string, name: string): bigint | undefined {
    return this.#facts.counters[group]?.[name];
  }

  #more(left: number, noun: string, hint: string): void {
    if (left > 0) this.#line('  ...', count(left, `more ${noun}`), hint);
  }

  /** Text that is too long moves the hint; nothing is cut. */
  #line(label: string, text: string, hint: string): void {
    const line = `${label.padEnd(LABEL)}${label.length >= LABEL ? ' ' : ''}${text}`;
    this.#out.bytes(Buffer.from(`${line.padEnd(LABEL + TEXT)}  ${hint}\n`));
  }
}

function linkText({ isUp, mtu, rxBytes, txBytes, errors, dropped }: LinkFacts): string {
  const words = isUp === undefined ? [] : [isUp ? 'up' : 'down'];
  if (mtu !== undefined) words.push(`MTU ${mtu}`);
  words.push(`${bytesInUnits(rxBytes)} received`, `${bytesInUnits(txBytes)} sent`);
  words.push(errors === 0n ? 'no errors' : `${errors} error${errors === 1n ? '' : 's'}`);
  if (dropped !== 0n) words.push(`${dropped} dropped`);
  return words.join(', ');
}

function networkText({ addresses, routes, defaultRoutes }: NetworkFacts): string {
  const [way, ...further] = defaultRoutes;
  const others = further.length === 0 ? '' : ` and ${further.length} more`;
  return `${count(addresses, 'address', 'es')}, ${count(routes, 'route')}, ${way === undefined ? 'no default route' : `default by ${printable(way)}${others}`}`;
}

/** The states, those with most sockets first. */
function stateText(states: SocketFacts['states']): string {
  const all = total(states);
  if (all === 0) return 'none';
  const sorted = Object.entries(states).toSorted(([, a], [, b]) => b - a);
  return `${all}: ${sorted.map(([state, sockets]) => `${sockets} ${state}`).join(', ')}`;
}

/** Characters of a program's name that a line has room for. */
const NAME = 30;

function programName(program: string | undefined): string {
  if (program === undefined) return '(nobody)';
  return program === '' ? '(no name)' : printable(program.slice(0, NAME));
}

function programText({ program, processes, listening, connected, unix, other }: ProgramFacts): string {
  const words = program === undefined ? [] : [count(processes, 'process', 'es')];
  if (listening > 0) words.push(`${listening} listening`);
  if (connected > 0) words.push(`${connected} connected`);
  if (other > 0) words.push(`${other} other`);
  if (unix > 0) words.push(`${unix} unix`);
  return words.join(', ');
}

function count(number: number, noun: string, ending = 's'): string {
  return `${number} ${noun}${number === 1 ? '' : ending}`;
}

function total(states: SocketFacts['states']): number {
  return Object.values(states).reduce((sum, sockets) => sum + sockets, 0);
}

function trouble({ errors, dropped }: LinkFacts): bigint {
  return errors + dropped;
}

function traffic({ rxBytes, txBytes }: LinkFacts): bigint {
  return rxBytes + txBytes;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
