import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import {
  COUNTERS,
  devFile,
  HEADER,
  type InterfaceTree,
  IoctlLibrary,
  OLD_HEADER,
  OLDEST_HEADER,
} from './interfaces-scene.ts';
import { compare } from './synthetic-comparison.ts';
import { netstat, runOn, type SyntheticHost, sockscope } from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat', 'addon', 'dist', 'ip');
const OPTIONS = ['-i', '-ia', '-ie', '-iae', '-iaeee', '-inv', '-iW6a', '-ipol', '-ig', '--interfaces --all'];

const ADDRESSES = [
  'ip link set lo up',
  'ip link add v0 type veth peer name v1',
  'ip link add v10 type veth peer name v2',
  'ip link add abcdefghijklmno type veth peer name abcdefghijklmn',
  'ip link add br0 type bridge',
  'ip link add ifb7 type ifb',
  'ip link set v0 address 02:fc:00:00:00:0a',
  'ip addr add 10.0.1.1/24 broadcast 10.0.1.255 dev v0',
  'ip addr add 10.0.0.1/24 dev v0 label v0:1',
  'ip addr add 10.0.0.2/24 broadcast + dev v0 label v0:10',
  'ip addr add 10.0.0.3/31 dev v0 label v0:2',
  'ip addr add 10.0.0.4/32 dev v0 label v0:ab',
  'ip addr add 10.0.0.5/32 dev v0 label v0:',
  'ip addr add 10.0.0.6/32 dev v0 label "v0:a b"',
  'ip addr add 10.0.1.2/24 dev v0',
  'ip addr add 10.0.2.1 peer 10.9.9.9 dev v1',
  'ip addr add 127.0.0.2/8 dev lo label lo:1',
  'ip link set v0 up',
  'ip link set v10 up promisc on allmulticast on',
  'ip link set v2 up arp off multicast off mtu 70 txqueuelen 0',
  'ip link set v1 txqueuelen 2147483647',
  'ip link set br0 up type bridge',
  'ip link set ifb7 mtu 65535',
  'ip link set abcdefghijklmno up',
  'ip addr add 10.3.0.1/24 dev abcdefghijklmno',
];
const NAMES = ['v0', 'v1', 'v10', 'v2', 'br0', 'ifb7', 'lo', 'abcdefghijklmno', 'abcdefghijklmn'];
const LINK_LOCAL = 'fe80000000000000021122fffe334455';

/** Real interfaces beside counters made up. */
const REAL: SyntheticHost = {
  network: ADDRESSES,
  net: {
    dev: devFile(NAMES),
    unix: 'Num\n',
    if_inet6: [
      `${'0'.repeat(31)}1 01 80 10 80       lo`,
      `${LINK_LOCAL} 02 40 20 80       v0`,
      `20010db8000000000000000000000001 100 40 00 00       v0`,
      `fec00000000000000000000000000001 100 0 40 00       v0`,
      `0000000000000000000000000a000001 100 60 80 00       v0`,
      `${'0'.repeat(32)} 100 60 ff 00       v0`,
      `${LINK_LOCAL} 03 40 05 80       v10`,
    ].join('\n'),
  },
};

describe.skipIf(missing !== undefined)(`interfaces beside netstat ${missing ?? ''}`, () => {
  it('of many kinds: flags, addresses, labels', { timeout: 60_000 }, () => compare(REAL, OPTIONS));

  it.skipIf(requirement('tun') !== undefined)(
    `of tunnels ${requirement('tun') ?? ''}`,
    { timeout: 60_000 },
    () => {
      const network = [
        'ip tuntap add tun0 mode tun',
        'ip tuntap add tap0 mode tap',
        'ip addr add 10.0.0.1 peer 10.0.0.2 dev tun0',
        'ip link set tun0 up',
      ];
      compare({ network, net: { dev: devFile(['tun0', 'tap0']) } }, ['-i', '-iae']);
    },
  );

  it("of names that are nobody's, and of labels that do not name their device", { timeout: 60_000 }, () => {
    compare({ ...REAL, net: { dev: devFile(['v0', 'v05', 'v1']) } }, ['-i', '-iae']);
    const network = ['ip link set lo up', 'ip addr add 10.0.0.4/24 dev lo label loxyz'];
    compare({ network, net: { dev: devFile(['lo', 'm0']) } }, ['-i', '-iae']);
  });

  it.each([
    ['no table', {}],
    ['an empty table', { dev: '' }],
    ['half a heading', { dev: HEADER.slice(0, 90) }],
    ['a heading', { dev: HEADER }],
    ['a table that is a folder', { 'dev/null': '' }],
    ['an old table', { dev: `${OLD_HEADER}  v0:${COUNTERS}\n    lo: 1 2` }],
    ['a very old table', { dev: `${OLDEST_HEADER}  v0:${COUNTERS}\n v10:   1 2\nlo` }],
    ['an empty line', { dev: `${HEADER}\n${HEADER}` }],
    ['two lines of one name', { dev: `${HEADER}v0: ${COUNTERS}\nlo: 5 5\nv0: 7 8 9\n` }],
    ['a NUL', { dev: `${HEADER}v0: 1 2 \0 3 4\nlo\0: 5 5\n` }],
    ['a megabyte of blanks', { dev: `${HEADER}v0: 1 2${' '.repeat(1 << 20)}3 4\nlo: 5 5\n` }],
    ['a megabyte of digits', { dev: `${HEADER}v0: 1 2 ${'9'.repeat(1 << 20)}\nlo: 5 5\n` }],
    ['words for counters', { dev: `${HEADER}v0: a b c\nlo: 1 2x 3\nv10: 1,2\n` }],
  ])('of %s', { timeout: 60_000 }, (_, net) => {
    compare({ network: ADDRESSES.slice(0, 8), net: { ...net, unix: '' } }, ['-ia', '-iae']);
  });

  it('of a table that cannot be opened', { timeout: 60_000 }, () => {
    compare({ net: {}, links: { dev: 'dev' } }, ['-ia', '-iae']);
  });

  it('again and again, with one title', { timeout: 60_000 }, () => {
    const twice = (words: readonly string[]) => ['sh', '-c', '"$@" | head -n 7', 'sh', ...words];
    const lines = [netstat(['-iac']), sockscope(['-iac'])].map(twice);
    const [theirs, ours] = runOn(
      { network: ADDRESSES.slice(0, 2), net: { dev: devFile(['v0', 'v1']) } },
      lines,
    );
    expect(ours!.stdout).toBe(theirs!.stdout);
    expect(ours!.stdout.match(/Kernel Interface table/g)).toHaveLength(1);
    expect(ours!.stdout.match(/^Iface /gm)).toHaveLength(2);
  });

  describe('one interface', () => {
    let columns = '';
    let rows: string[] = [];
    beforeAll(() => {
      [, columns = '', ...rows] = runOn(REAL, [netstat(['-ia'])])[0]!.stdout.split('\n');
    });
    const row = (name: string) => rows.find((line) => line.startsWith(`${name} `));
    const ask = (...options: string[]) => runOn(REAL, [sockscope(options)])[0]!;

    it.each(['v0', 'v1', 'v0:10', 'v0:', 'abcdefghijklmno'])('%s, up or down', (name) => {
      expect(row(name)).toBeDefined();
      const stdout = `Kernel Interface table\n${columns}\n${row(name)}\n`;
      expect(ask('-I', name)).toEqual({ stdout, stderr: '', code: 0 });
      expect(ask(`--interfaces=${name}`)).toEqual({ stdout, stderr: '', code: 0 });
    });

    it('as a block', () => {
      const { stdout, code } = ask('-I', 'v1', '-e');
      expect(stdout).toMatch(/^Kernel Interface table\nv1: flags=4098<BROADCAST,MULTICAST> {2}mtu 1500\n/);
      expect(stdout.match(/flags=/g)).toHaveLength(1);
      expect(code).toBe(0);
    });

    it.each(['eth9', 'v', 'v0:99', '\u00fc'])("%s, which is nobody's", (name) => {
      const stderr = Buffer.from(`sockscope: -I ${name}: no such interface\n`).toString('latin1');
      expect(ask('-I', name)).toEqual({ stdout: '', stderr, code: 1 });
    });
  });

  it('with the /proc of another namespace shows what that has', { timeout: 60_000 }, () => {
    const net = {
      'foreign/net/dev': devFile(['v0', 'far0']),
      'foreign/net/if_inet6': `${LINK_LOCAL} 02 40 20 80 far0\n`,
    };
    const host = { network: ADDRESSES.slice(0, 8), net };
    const proc = '--proc=/proc/net/foreign';
    const [short, long] = runOn(host, [sockscope(['-i', proc]), sockscope(['-ie', proc, '-I', 'far0'])]);
    const stderr =
      'sockscope: of interfaces the counters alone are known, and IPv6 addresses: they are in another network namespace\n';
    expect(short).toMatchObject({ stderr, code: 0 });
    expect(short!.stdout.split('\n').slice(2)).toEqual([
      'far0                -        2      3      4 5            10     11     12     13 -',
      'v0                  -        2      3      4 5            10     11     12     13 -',
      '',
    ]);
    expect(long).toMatchObject({ stderr, code: 0 });
    expect(long!.stdout.split('\n').slice(1, 4)).toEqual([
      'far0:',
      '        inet6 fe80::211:22ff:fe33:4455  prefixlen 64  scopeid 0x20<link>',
      '        RX packets 2  bytes 1 (1.0 B)',
    ]);
  });

  it('of this very kernel, with the true /proc', { timeout: 60_000 }, () => {
    const script = `${ADDRESSES.join('\n')}
      ip -6 addr add 2001:db8::1/64 dev v0 nodad
      before=; after=x; tries=0
      while [ "$before" != "$after" ] && [ $tries -lt 30 ]; do
        before=$(netstat $options 2>&1; echo $?); ours=$(${sockscope([]).join(' ')} $options 2>&1; echo $?)
        after=$(netstat $options 2>&1; echo $?); tries=$((tries + 1))
      done
      echo "$before"; echo =====; echo "$ours"`;
    for (const options of ['-ia', '-iae']) {
      const { stdout } = spawnSync('unshare', ['-Urn', 'sh', '-c', script], {
        env: { PATH: process.env.PATH, LC_ALL: 'C', options },
        encoding: 'latin1',
      });
      const [theirs, ours] = stdout.split('=====\n');
      expect(theirs).toContain('v0:10');
      expect(ours!.split('\n')).toEqual(theirs!.split('\n'));
    }
  });
});

describe.skipIf((missing ?? requirement('compiler')) !== undefined)(
  `interfaces that no kernel at hand has, beside netstat ${missing ?? requirement('compiler') ?? ''}`,
  () => {
    let library: IoctlLibrary;
    beforeAll(() => {
      library = new IoctlLibrary();
    });
    afterAll(() => library.remove());
    const tree = (ioctls: readonly string[], rest: Partial<InterfaceTree> = {}): InterfaceTree => ({
      ioctls,
      dev: devFile(ioctls.map((line) => line.split(' ')[0]!).filter((name) => name !== '*')),
      ...rest,
    });
    const check = (...trees: InterfaceTree[]) => {
      library.compare([...trees, ...trees], (index) => (index < trees.length ? '-iae' : '-ia'));
    };

    it('of every type', { timeout: 60_000 }, () => {
      const types = [...Array(1000).keys(), 65_534, 65_535];
      const address = (type: number) => ['8a8e60b040406c', '01a2f3041506070f0910', '', '4041'][type % 4];
      check(
        tree(types.map((type) => `t${type} flags=0x1043 hw=${type}:${address(type)} outfill=${type % 3}`)),
        tree(types.map((type) => `t${type} flags=0x1043 hw=${type}:${address(type + 1)} keepalive=-1`)),
        tree(types.map((type) => `t${type} flags=0x1043 hw=${type}:${address(type + 2)}`)),
      );
    });

    it('with every flag', () => {
      const bits = Array.from({ length: 16 }, (_, bit) => 1 << bit);
      const flags = [0, 0xffff, 0x7fff, ...bits, ...bits.map((bit) => 0xffff ^ bit)];
      check(
        tree(flags.map((value, index) => `f${index} flags=${value} addr=1.2.3.4 brd=1.2.3.255 dst=5.6.7.8`)),
      );
    });

    it('with every port of a card, and memory of its own', () => {
      const ports = [0, 1, 2, 3, 4, 5, 6];
      check(
        tree(ports.map((port) => `p${port} flags=0x2001 map=0:0:0:0:0:${port}`)),
        tree(ports.map((port) => `p${port} flags=0x6001 map=d0000:0:ff:${port}:3:${port}`)),
        tree(['m0 flags=1 map=fffffffff000:1fffffffff000:100:255:255:0', 'm1 flags=1 map=0:1000:0:0:1:0']),
        tree(['k0 flags=1 map=ffffc90000a41001:fffffffffffffffd:0:0:0:0']),
      );
    });

    it('with units at their ends', () => {
      const values = [0, 10, 20, 30, 40, 50, 60, 64].flatMap((power) =>
        [-1n, 0n, 1n, 2n ** 54n].map((more) => 2n ** BigInt(power) + more),
      );
      const lines = values.map((value, index) => `u${index}: ${value} 1 1 1 1 1 1 1 ${value * 3n}\n`);
      check({ ioctls: ['? flags=1'], dev: HEADER + lines.join('') });
    });

    it('where ioctls fail', () => {
      const keys = ['mtu', 'queue', 'map', 'addr', 'brd', 'dst', 'mask', 'flags'];
      const all = 'flags=0x1013 addr=1.2.3.4 brd=1.2.3.255 dst=5.6.7.8 mask=255.0.0.0 mtu=5 queue=6';
      for (const errno of [1, 19, 99]) {
        check(...keys.map((key) => tree(['a flags=1', `b ${key}=!${errno} ${all}`, 'c flags=1'])));
      }
    });

    it('where sockets and lists are refused', () => {
      const ioctls = ['a flags=1 addr=1.2.3.4', 'b flags=1 conf=1.2.3.4 addr=1.2.3.4'];
      const refused = (words: string, rest: Partial<InterfaceTree> = {}) =>
        tree([`* ${words}`, ...ioctls], rest);
      const families = 'socket2=!97 socket1=!97 socket10=!97';
      check(
        refused('list=!1'),
        refused('list=!22', { dev: undefined }),
        refused('socket2=!97', { inet6: '' }),
        refused('socket2=!97 list=!1', { inet6: '' }),
        refused('socket2=!97', { inet6: '', dev: undefined }),
        refused(families, { inet6: '' }),
        refused(families),
      );
    });

    it('in their order', () => {
      const names =
        'd d0 d00 d01 d1 d10 d2 d9 d:1 d1:2 d1:10 d1:a d1: D1 da da1 d-1 1 10 2 01 d4294967297 d2147483648';
      const labels = ['d1:02', 'd1:3', 'd1:ab', 'e:1', 'd:0'].map((name) => `${name} flags=1 conf=1.1.1.1`);
      check(
        tree([
          ...names
            .split(' ')
            .reverse()
            .map((name) => `${name} flags=1`),
        ]),
        {
          ioctls: ['? flags=1', ...labels],
          dev: devFile(names.split(' ')),
        },
      );
    });

    it('with names that are cut', () => {
      const names = [
        'a:12345678901234567890',
        'a:1234567890123',
        'abcdefghijklmn:1',
        'abcdefghijklmno',
        'abcdefghijklmnop',
      ];
      check(
        { ioctls: ['? flags=1'], dev: devFile(names) },
        { ioctls: ['? flags=1'], dev: devFile(names.reverse()) },
      );
      check(...names.map((name) => ({ ioctls: ['? flags=1'], dev: devFile([name]) })));
    });

    it('departs where netstat prints what is behind its table of ports', () => {
      const trees = [tree(['p flags=0x2001 map=0:0:0:0:0:7'])];
      const media = library
        .outcomes(trees, () => '-iae')
        .map(({ stdout }) => /media (.*)$/m.exec(stdout)?.[1]);
      expect(media[0]).toMatch(/^(?!unknown)/);
      expect(media[1]).toBe('unknown');
    });
  },
);
