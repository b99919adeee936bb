import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { compare } from './synthetic-comparison.ts';
import { GROUP_HOSTS, IGMP, IGMP_HEADING, IGMP6 } from './synthetic-groups.ts';
import { netstat, runOn, type SyntheticHost, sockscope, unprivileged } from './synthetic-proc.ts';
import { inetFile, unixFile } from './synthetic-rows.ts';

const missing = requirement('netns', 'netstat', 'setpriv', 'dist');

/** Groups beside the sockets that options may add to them. */
const BESIDE_SOCKETS: SyntheticHost = {
  net: {
    igmp: IGMP,
    igmp6: IGMP6,
    tcp: inetFile([{ local: '127.0.0.1 80', state: 10 }]),
    udp: inetFile([{ local: '127.0.0.1 53', state: 7 }]),
    unix: unixFile([{ flags: 0x10000, inode: 101, path: '/run/a.sock' }]),
  },
};

describe.skipIf(missing !== undefined)(`multicast groups beside netstat ${missing ?? ''}`, () => {
  it.each(GROUP_HOSTS)('%s', (_, host) => {
    compare(host, ['-gn', '-g4n', '-g6n', '-vgxn']);
  });

  it('beside every option that may matter', { timeout: 60_000 }, () => {
    compare(BESIDE_SOCKETS, [
      ...[
        '-g',
        '-gn',
        '--groups',
        '-ggn',
        '-g4',
        '-g6',
        '-g46n',
        '-g -A inet6 -n',
        '-4gn',
        '-g -A inet,inet6',
      ],
      ...[
        '-gt',
        '-gu',
        '-gS',
        '-gSv',
        '-gx',
        '-gxla',
        '-g --ipx',
        '-g2',
        '-gtx6',
        '-gealpWoN',
        '-gnFC',
        '-gdv',
      ],
      ...['-g --numeric-hosts', '-g --numeric-ports', '-g -A unix', '-g -A ash', '-g foo'],
    ]);
  });

  it('where the files may not be read', () => {
    const shut = (file: string, options: string[]) => [
      'sh',
      '-c',
      `chmod 0 /proc/net/${file}; exec "$@"`,
      'sh',
      ...options,
    ];
    for (const file of ['igmp6', 'igmp']) {
      const lines = ['-gn', '-g4n', '-g6n'].map((line) => [line]);
      const outcomes = runOn(BESIDE_SOCKETS, [
        ...lines.map((line) => shut(file, [...unprivileged(netstat(line))])),
        ...lines.map((line) => shut(file, [...unprivileged(sockscope(line))])),
      ]);
      expect(outcomes.slice(lines.length)).toEqual(outcomes.slice(0, lines.length));
    }
  });

  it('departs where -c makes netstat take igmp for igmp6', { timeout: 20_000 }, () => {
    const host = {
      net: { igmp: `${IGMP_HEADING}1\tlo :\n\t\t010000E0     1 0:00000000\t0\n`, igmp6: IGMP6 },
    };
    const twice = (program: readonly string[]) => ['timeout', '-s', 'INT', '1.7', ...program];
    const [theirs, ours] = runOn(host, [twice(netstat(['-gcn'])), twice(sockscope(['-gcn']))]);
    const rounds = (text: string) => text.split('IPv6/IPv4 Group Memberships\n').slice(1);
    const [first, second] = rounds(theirs!.stdout);
    expect(second).not.toBe(first);
    expect(second).toContain('\nE0              0      0:1:');
    expect(theirs!.stderr).toContain('warning, got bogus igmp6 line 1.\n');
    expect(rounds(ours!.stdout)).toEqual([first, first]);
    expect(ours!.stderr).toBe('');
  });
});
