import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { devFile } from './interfaces-scene.ts';
import { runOn, type SyntheticHost, sockscope } from './synthetic-proc.ts';
import { sysfsAlone } from './synthetic-sysfs.ts';

const missing = requirement('netns', 'dist');

const DEVICES = {
  lo: {
    ifindex: 1,
    flags: '0x9',
    operstate: 'unknown',
    type: 772,
    address: '00:00:00:00:00:00',
    mtu: 65_536,
  },
  up0: { ifindex: 2, flags: '0x1003', operstate: 'up' },
  // sysfs may not be believed: it is up, and does not run.
  dormant: { ifindex: 3, flags: '0x1043', operstate: 'dormant' },
  down0: { ifindex: 4, tx_queue_len: 4_294_967_295 },
  tun0: { ifindex: 5, flags: '0x1091', operstate: 'unknown', type: 65_534, address: '' },
};
const HOST: SyntheticHost = {
  network: sysfsAlone(DEVICES),
  net: {
    dev: devFile(Object.keys(DEVICES)),
    if_inet6: 'fe80000000000000000000000000000a 02 40 20 80 up0\n',
  },
};

const TITLE = 'Kernel Interface table\n';
const COLUMNS = 'Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n';
const STATISTICS = {
  rxBytes: 1,
  rxPackets: 2,
  rxErrors: 3,
  rxDropped: 4,
  rxFifo: 5,
  rxFrame: 6,
  rxCompressed: 7,
  multicast: 8,
  txBytes: 9,
  txPackets: 10,
  txErrors: 11,
  txDropped: 12,
  txFifo: 13,
  collisions: 14,
  txCarrier: 15,
  txCompressed: 16,
};
const UP0 = {
  name: 'up0',
  index: 2,
  mtu: 1500,
  flags: 0x1043,
  flagNames: ['up', 'broadcast', 'running', 'multicast'],
  hardwareType: 1,
  hardwareAddress: '02:00:00:00:00:0f',
  txQueueLength: 1000,
  addresses: [{ family: 'inet6', address: 'fe80::a', prefixLength: 64, scope: 32 }],
  statistics: STATISTICS,
  labels: [],
};
const DORMANT = {
  ...UP0,
  name: 'dormant',
  index: 3,
  flags: 0x1003,
  flagNames: ['up', 'broadcast', 'multicast'],
  addresses: [],
};
const DOWN0 = {
  ...DORMANT,
  name: 'down0',
  index: 4,
  flags: 0x1002,
  flagNames: ['broadcast', 'multicast'],
  txQueueLength: 4_294_967_295,
};
const LO = {
  ...DORMANT,
  name: 'lo',
  index: 1,
  mtu: 65_536,
  flags: 0x49,
  flagNames: ['up', 'loopback', 'running'],
  hardwareType: 772,
  hardwareAddress: '00:00:00:00:00:00',
};
const TUN0 = {
  ...DORMANT,
  name: 'tun0',
  index: 5,
  flags: 0x10d1,
  flagNames: ['up', 'pointopoint', 'running', 'noarp', 'multicast'],
  hardwareType: 65_534,
  // It has none.
  hardwareAddress: undefined,
};

const json = (...interfaces: readonly object[]): string =>
  `${JSON.stringify({ schemaVersion: 1, interfaces })}\n`;

describe.skipIf(missing !== undefined)(`interfaces without the addon ${missing ?? ''}`, () => {
  it('are what sysfs tells of them', () => {
    const [table, block] = runOn(HOST, [sockscope(['-ia']), sockscope(['-ie', '-I', 'up0'])]);
    const rows = [
      'dormant          1500        2      3      4 5            10     11     12     13 BMU\n',
      'down0            1500        2      3      4 5            10     11     12     13 BM\n',
      'lo              65536        2      3      4 5            10     11     12     13 LRU\n',
      'tun0             1500        2      3      4 5            10     11     12     13 MOPRU\n',
      'up0              1500        2      3      4 5            10     11     12     13 BMRU\n',
    ];
    expect(table).toEqual({ stdout: TITLE + COLUMNS + rows.join(''), stderr: '', code: 0 });
    expect(block).toEqual({
      stdout: `${TITLE}up0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet6 fe80::a  prefixlen 64  scopeid 0x20<link>
        ether 02:00:00:00:00:0f  txqueuelen 1000  (Ethernet)
        RX packets 2  bytes 1 (1.0 B)
        RX errors 3  dropped 4  overruns 5  frame 6
        TX packets 10  bytes 9 (9.0 B)
        TX errors 11  dropped 12 overruns 13  carrier 15  collisions 14

`,
      stderr: 'sockscope: IPv4 addresses are not shown without the addon\n',
      code: 0,
    });
  });

  it('are so in JSON', () => {
    const [all, up, one, none] = runOn(HOST, [
      sockscope(['-ia', '--json']),
      sockscope(['-i', '--json']),
      sockscope(['-i', '--json', '-I', 'tun0']),
      sockscope(['-I', 'nix', '--json']),
    ]);
    expect(all).toEqual({ stdout: json(DORMANT, DOWN0, LO, TUN0, UP0), stderr: '', code: 0 });
    expect(up!.stdout).toBe(json(DORMANT, LO, TUN0, UP0));
    expect(one!.stdout).toBe(json(TUN0));
    expect(none).toEqual({ stdout: '', stderr: 'sockscope: -I nix: no such interface\n', code: 1 });
  });

  it('are their counters alone where sysfs has others, or lost one, or is not there', () => {
    const dash = (name: string): string =>
      `${name.padEnd(20)}-        2      3      4 5            10     11     12     13 -\n`;
    const others = { ...HOST, net: { dev: devFile(['lo', 'other']) } };
    const same = { ...HOST, net: { dev: devFile(['a', 'b', 'c', 'd', 'e']) } };
    const bare = { network: [...sysfsAlone({}), 'rmdir -p /sys/class/net || :'], net: others.net };
    const why =
      'of interfaces the counters alone are known, and IPv6 addresses: there is no addon, and /sys/class/net does not show them';
    for (const [host, names] of [
      [others, ['lo', 'other']],
      [same, ['a', 'b', 'c', 'd', 'e']],
      [bare, ['lo', 'other']],
    ] as const) {
      expect(runOn(host, [sockscope(['-ia'])])).toEqual([
        { stdout: TITLE + COLUMNS + names.map(dash).join(''), stderr: `sockscope: ${why}\n`, code: 0 },
      ]);
    }
    const unknown = { name: 'lo', flagNames: [], addresses: [], statistics: STATISTICS, labels: [] };
    const [all] = runOn(others, [sockscope(['-ia', '--json'])]);
    expect(all!.stdout).toBe(json(unknown, { ...unknown, name: 'other' }));
  });

  it('that go while they are looked at are left out of JSON, and end the table', () => {
    const network = [...sysfsAlone(DEVICES), 'rm /sys/class/net/down0/mtu'];
    const [table, listed] = runOn({ ...HOST, network }, [sockscope(['-ia']), sockscope(['-ia', '--json'])]);
    expect(table!.stderr).toMatch(/^down0: error fetching interface information: Device not found\n/);
    expect(table!.code).toBe(1);
    expect(listed!.stdout).toBe(json(DORMANT, LO, TUN0, UP0));
  });
});

describe.skipIf((missing ?? requirement('ip', 'addon')) !== undefined)(
  `interfaces in JSON ${missing ?? requirement('ip', 'addon') ?? ''}`,
  () => {
    const network = ['ip link set lo up', 'ip addr add 10.0.0.4/24 dev lo label lo:1'];

    it('have their addresses and labels', () => {
      const [all, none] = runOn({ network, net: { dev: devFile(['lo', 'gone']), 'far/net/tcp': '' } }, [
        sockscope(['-ia', '--json']),
        sockscope(['-ia', '--json', '--proc=/proc/net/far']),
      ]);
      const address = (text: string, netmask: string, broadcast: string, label: string) => ({
        ...{ family: 'inet', address: text, netmask, broadcast, destination: text, label },
      });
      expect(all!.stdout).toBe(
        json({
          ...LO,
          addresses: [
            address('127.0.0.1', '255.0.0.0', '0.0.0.0', 'lo'),
            address('10.0.0.4', '255.255.255.0', '0.0.0.0', 'lo:1'),
          ],
          labels: ['lo:1'],
        }),
      );
      expect(none).toMatchObject({ stdout: '', code: 1 });
      expect(none!.stderr).toMatch(/^sockscope: .*ENOENT.*\n$/);
    });
  },
);
