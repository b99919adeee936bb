import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/format/byte-writer.ts';
import { type LayersFacts, LayersScreen, type LinkFacts } from '../../../src/format/layers-screen.ts';

function screen(facts: LayersFacts): string {
  const parts: Buffer[] = [];
  const out = new ByteWriter((bytes) => parts.push(Buffer.from(bytes)));
  new LayersScreen(out, facts).write();
  out.flush();
  return Buffer.concat(parts).toString();
}

const EMPTY: LayersFacts = {
  links: [],
  networks: [
    { family: 'inet', addresses: 0, routes: 0, defaultRoutes: [] },
    { family: 'inet6', addresses: 0, routes: 0, defaultRoutes: [] },
  ],
  groups: 0,
  nat: undefined,
  counters: {},
  sockets: [],
  programs: [],
};

function link(name: string, more: Partial<LinkFacts> = {}): LinkFacts {
  return { name, isUp: true, mtu: 1500, rxBytes: 0n, txBytes: 0n, errors: 0n, dropped: 0n, ...more };
}

/** The text of the line with this label, without the blanks that fill it up. */
function line(text: string, label: string): string | undefined {
  const found = text.split('\n').find((one) => one.trimStart().startsWith(label));
  return found?.trimStart().slice(label.length).replaceAll(/ {2,}/g, ' ').trim();
}

describe('the screen of layers', () => {
  it('shows a host that has nothing', () => {
    expect(screen(EMPTY).split('\n')).toEqual(
      [
        ['LINK', '0 interfaces', '-ia'],
        ['NETWORK', 'forwards nothing', '-sw'],
        ['  IPv4', '0 addresses, 0 routes, no default route', '-r'],
        ['  IPv6', '0 addresses, 0 routes, no default route', '-r6'],
        ['  groups', '0 multicast memberships', '-g'],
        ['TRANSPORT', '0 sockets', '-a'],
        ['PROGRAMS', '0 programs in 0 processes', '-ap'],
      ]
        .map(([label, text, hint]) => `${label!.padEnd(12)}${text!.padEnd(74)}  ${hint}`)
        .concat(''),
    );
  });

  it('puts links with trouble first, then those that carry most, and counts the rest', () => {
    const links = [
      link('calm'),
      link('busy', { rxBytes: 1025n, txBytes: 1048577n }),
      link('broken', { isUp: false, mtu: undefined, errors: 3n, dropped: 4n }),
      ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => link(name)),
    ];
    const text = screen({ ...EMPTY, links });
    const names = text.split('\n').flatMap((one) => /^ {2}(\w+) .* -i[ae]+$/.exec(one)?.[1] ?? []);
    expect(names).toEqual(['broken', 'busy', 'calm', 'a', 'b', 'c', 'd', 'e']);
    expect(line(text, 'LINK')).toBe('10 interfaces, 9 up -ia');
    expect(line(text, 'broken')).toBe('down, 0.0 B received, 0.0 B sent, 3 errors, 4 dropped -iae');
    expect(line(text, 'busy')).toBe('up, MTU 1500, 1.0 KiB received, 1.0 MiB sent, no errors -ie');
    expect(line(text, '...')).toBe('2 more interfaces -ia');
  });

  it('shows the ways out, and what the kernel counts of both protocols', () => {
    const text = screen({
      ...EMPTY,
      nat: 1,
      networks: [
        { family: 'inet', addresses: 1, routes: 2, defaultRoutes: ['10.0.0.1 on eth0', 'wg0'] },
        { family: 'inet6', addresses: 2, routes: 1, defaultRoutes: ['eth0'] },
      ],
      counters: {
        Ip: { InReceives: 9n, OutRequests: 0n, ForwDatagrams: 5n, OutNoRoutes: 2n, InDiscards: 0n },
        Ip6: { Ip6InReceives: 1n, Ip6OutRequests: 2n, Ip6OutForwDatagrams: 6n },
        Icmp: { InMsgs: 1n, OutMsgs: 1n, InDestUnreachs: 1n },
      },
    });
    expect(line(text, 'NETWORK')).toBe('forwarded 11 packets -sw');
    expect(line(text, 'IPv4')).toBe('1 address, 2 routes, default by 10.0.0.1 on eth0 and 1 more -r');
    expect(line(text, 'IPv6')).toBe('2 addresses, 1 route, default by eth0 -r6');
    expect(line(text, 'packets')).toBe('9 received, 0 sent, 2 without a route -sw');
    expect(line(text, 'ICMP')).toBe('1 received, 1 sent, 1 of an unreachable destination -sw');
    expect(text).not.toContain('ICMPv6');
    expect(line(text, 'NAT')).toBe('1 translated connection -M');
  });

  it('shows sockets by state, those with most first, and how much TCP sends again', () => {
    const text = screen({
      ...EMPTY,
      counters: { Tcp: { InSegs: 10n, OutSegs: 200n, RetransSegs: 3n, ActiveOpens: 1n, PassiveOpens: 2n } },
      sockets: [
        { protocol: 'tcp', states: { listen: 2, established: 30 } },
        { protocol: 'unix', states: {} },
      ],
    });
    expect(line(text, 'TRANSPORT')).toBe('32 sockets -a');
    expect(line(text, 'TCP')).toBe('32: 30 established, 2 listen -ta');
    expect(line(text, 'opened')).toBe('1 from here, 2 from there -st');
    expect(line(text, 'segments')).toBe('10 received, 200 sent, 3 sent again (1.50 %) -st');
    expect(line(text, 'unix')).toBe('none -xa');
  });

  it('names programs, and lets none of them move the cursor', () => {
    const none = { processes: 1, listening: 0, connected: 0, unix: 0, other: 0 };
    const text = screen({
      ...EMPTY,
      programs: [
        { ...none, program: 'web', processes: 3, listening: 2, connected: 40, unix: 1, other: 5 },
        { ...none, program: undefined, processes: 0, other: 7 },
        { ...none, program: '\u001b[31mred', unix: 1 },
        { ...none, program: '', unix: 1 },
        { ...none, program: 'x'.repeat(500), unix: 1 },
      ],
    });
    expect(line(text, 'PROGRAMS')).toBe('4 programs in 6 processes -ap');
    expect(line(text, 'web')).toBe('3 processes, 2 listening, 40 connected, 5 other, 1 unix -ap');
    expect(line(text, '(nobody)')).toBe('7 other -ap');
    expect(line(text, '\\x1b[31mred')).toBe('1 process, 1 unix -ap');
    expect(line(text, '(no name)')).toBe('1 process, 1 unix -ap');
    expect(line(text, 'x'.repeat(30))).toBe('1 process, 1 unix -ap');
  });
});
