import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAddon } from '../../../src/addon/load-addon.ts';
import type { NativeBinding } from '../../../src/addon/native-binding.ts';
import type { NativeInterfacesEnd } from '../../../src/addon/native-interfaces.ts';
import { KernelTables, type TablesSetting } from '../../../src/host-tables.ts';
import { parseDevices } from '../../../src/kernel-tables/device-lines.ts';
import { parseInet6Addresses } from '../../../src/kernel-tables/interface-addresses.ts';
import { flagNames } from '../../../src/kernel-tables/interface-flags.ts';
import { sortByName } from '../../../src/kernel-tables/interface-order.ts';
import { readSysfsDevices } from '../../../src/kernel-tables/interface-sysfs.ts';
import { type InterfaceAddress, readInterfaces } from '../../../src/kernel-tables/interfaces.ts';
import { ADDON } from '../../leak/scene.ts';
import { COUNTERS, devFile, HEADER, OLDEST_HEADER } from '../../netstat/interfaces-scene.ts';
import { requirement } from '../../requirements.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-interfaces-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('/proc/net/dev', () => {
  it('has counters by name', () => {
    const [first] = parseDevices(bytes(devFile(['  abcdefghijklmno'])));
    expect(first).toEqual({
      name: 'abcdefghijklmno',
      statistics: {
        rxBytes: 1n,
        rxPackets: 2n,
        rxErrors: 3n,
        rxDropped: 4n,
        rxFifo: 5n,
        rxFrame: 6n,
        rxCompressed: 7n,
        multicast: 8n,
        txBytes: 9n,
        txPackets: 10n,
        txErrors: 11n,
        txDropped: 12n,
        txFifo: 13n,
        collisions: 14n,
        txCarrier: 15n,
        txCompressed: 16n,
      },
    });
  });

  it('has fewer columns on old kernels', () => {
    const [first] = parseDevices(bytes(`${OLDEST_HEADER}eth0:${COUNTERS}`));
    expect(first!.statistics).toMatchObject({
      rxBytes: 0n,
      rxPackets: 1n,
      multicast: 0n,
      txPackets: 6n,
      txCarrier: 11n,
    });
  });

  it('counts to 2^64 - 1', () => {
    const [first] = parseDevices(
      bytes(`${HEADER}eth0: 18446744073709551615 9007199254740993 18446744073709551616`),
    );
    expect(first!.statistics).toMatchObject({
      rxBytes: 18_446_744_073_709_551_615n,
      rxPackets: 9_007_199_254_740_993n,
      rxErrors: 18_446_744_073_709_551_615n,
    });
  });

  it.each(['', 'x', '\n', '\0', HEADER, HEADER.slice(0, -1), HEADER.slice(0, 80)])('may be %j', (text) => {
    expect(parseDevices(bytes(text))).toEqual([]);
  });
});

describe('/proc/net/if_inet6', () => {
  const line = 'fe80000000000000021122fffe334455 02 40 20 80     eth0';

  it('has addresses by name', () => {
    expect(parseInet6Addresses(bytes(`${line}\n${line.replace('eth0', '\xe9')}`))).toEqual({
      rows: [
        { name: 'eth0', address: 'fe80::211:22ff:fe33:4455', prefixLength: 64, scope: 0x20 },
        { name: '\xe9', address: 'fe80::211:22ff:fe33:4455', prefixLength: 64, scope: 0x20 },
      ],
      malformed: 0,
    });
  });

  it('counts what it does not understand, and goes on where it can', () => {
    const wrong = line.replace('fe80', 'fe8z');
    expect(parseInet6Addresses(bytes(`${wrong}\n${line}\n`))).toMatchObject({
      rows: [{ name: 'eth0' }],
      malformed: 1,
    });
    expect(parseInet6Addresses(bytes(`${line}\nfe80 1 2 3 4 5 6 7 x\n${line}\n`))).toMatchObject({
      rows: [{ name: 'eth0' }],
      malformed: 1,
    });
    expect(parseInet6Addresses(bytes(' \n'))).toEqual({ rows: [], malformed: 0 });
  });
});

it('sorts interfaces by name, number and label', () => {
  const names = ['wlan0', 'eth10', 'eth2:10', 'eth2', 'lo', 'eth2:9', 'eth2:b', 'br-1', 'eth'];
  expect(sortByName(names.map((name) => ({ name }))).map(({ name }) => name)).toEqual([
    'br-1',
    'eth',
    'eth2',
    'eth2:9',
    'eth2:10',
    'eth10',
    'eth2:b',
    'lo',
    'wlan0',
  ]);
});

it('names flags from the lowest bit on', () => {
  expect(flagNames(0x1043)).toEqual(['up', 'broadcast', 'running', 'multicast']);
  expect(flagNames(0)).toEqual([]);
  expect(flagNames(0xffff)).toHaveLength(16);
});

/** A binding that knows two devices and a label. */
function answering(end: Partial<NativeInterfacesEnd>): Pick<NativeBinding, 'startInterfaces'> {
  return {
    startInterfaces: (_names, _addresses, wake) => {
      setImmediate(wake);
      return { end: () => ({ ...ANSWER, ...end }), cancel: () => undefined };
    },
  };
}

const ANSWER: NativeInterfacesEnd = {
  status: 'ok',
  operation: '',
  errno: 0,
  listErrno: 0,
  inet: true,
  names: bytes('eth0\0gone\0eth0:1\0new0\0'),
  hardwareAddresses: Uint8Array.from({ length: 56 }, (_, at) => at % 14),
  memory: new BigUint64Array(8),
  devices: Float64Array.of(
    ...[0, 2, 0x1043, 1, 1500, 0x7fffffff, 0, 0, 0, 0, 0, 0],
    ...[19, 0, 0, 0xffff, 0, -1, 0, 0, 0, 0, 0, 0],
    ...[0, 2, 0x1043, 1, 1500, 1000, 0, 0, 0, 0, 0, 0],
    ...[0, 9, 0, 65_534, 1400, -2, 0, 0, 0, 0, 0, 0],
  ),
  addresses: Float64Array.of(
    ...[0, 7, 0x0a000001, 0xffffff00, 0x0a0000ff, 0x0a000001],
    ...[0, 0, 0xfffffffe, 0, 0, 0],
    ...[2, 1, 0x0a000002, 0xffffffff, 0, 0],
  ),
};

describe('the interfaces', () => {
  it('are put together from counters, ioctls and IPv6', async () => {
    writeFileSync(join(folder, 'dev'), devFile(['eth0', 'gone']));
    writeFileSync(join(folder, 'if_inet6'), 'fe80000000000000021122fffe334455 02 40 20 80 eth0\n');
    const found = await readInterfaces({ netDirectory: folder, binding: answering({}) });
    const unset = { netmask: undefined, broadcast: undefined, destination: undefined };
    expect(found).toMatchObject([
      {
        name: 'eth0',
        index: 2,
        mtu: 1500,
        flags: 0x1043,
        flagNames: ['up', 'broadcast', 'running', 'multicast'],
        hardwareType: 1,
        hardwareAddress: '00:01:02:03:04:05',
        txQueueLength: 0x7fffffff,
        addresses: [
          {
            family: 'inet',
            address: '10.0.0.1',
            netmask: '255.255.255.0',
            broadcast: '10.0.0.255',
            destination: '10.0.0.1',
            label: 'eth0',
          },
          { family: 'inet', address: '255.255.255.254', ...unset, label: 'eth0' },
          { family: 'inet', address: '10.0.0.2', ...unset, netmask: '255.255.255.255', label: 'eth0:1' },
          { family: 'inet6', address: 'fe80::211:22ff:fe33:4455', prefixLength: 64, scope: 0x20 },
        ],
        statistics: { rxBytes: 1n },
        labels: ['eth0:1'],
      },
      {
        name: 'new0',
        index: 9,
        hardwareAddress: undefined,
        txQueueLength: 2 ** 32 - 2,
        statistics: undefined,
        labels: [],
      },
    ]);
  });

  it('of another namespace have counters and IPv6 addresses', async () => {
    const [first] = await readInterfaces({ netDirectory: folder, binding: answering({}), own: false });
    expect(first).toMatchObject({
      name: 'eth0',
      index: undefined,
      flags: undefined,
      flagNames: [],
      labels: [],
    });
    expect(first!.addresses).toHaveLength(1);
    expect(first!.statistics?.rxPackets).toBe(2n);
  });

  it.each([
    [
      { status: 'system', operation: 'socket', errno: 1 },
      'ERR_SOURCE_UNAVAILABLE',
      'list interfaces: no socket may be made: EPERM (allow AF_INET, AF_INET6 or AF_UNIX in the sandbox)',
    ],
    [
      { status: 'system', operation: 'socket', errno: 24 },
      'ERR_NO_RESOURCES',
      'list interfaces: no socket may be made: EMFILE (raise the limits of this process)',
    ],
    [
      { status: 'no-thread', operation: 'start thread', errno: 11 },
      'ERR_NO_RESOURCES',
      'list interfaces: a thread cannot be started: EAGAIN (raise the limit of processes (ulimit -u, pids.max))',
    ],
    [
      { status: 'no-memory', operation: 'scan', errno: 0 },
      'ERR_NO_RESOURCES',
      'list interfaces: out of memory (raise the limits of this process)',
    ],
  ] as const)('that cannot be asked for: %j', async (end, code, message) => {
    const reading = readInterfaces({ netDirectory: folder, binding: answering(end) });
    await expect(reading).rejects.toMatchObject({ name: 'SockscopeError', code, message, errno: end.errno });
  });

  it('are left when their host is closed', async () => {
    const closing = new AbortController();
    let cancelled = 0;
    const startInterfaces = () => {
      setImmediate(() => closing.abort(new Error('closed')));
      return { end: () => undefined, cancel: () => void cancelled++ };
    };
    const tables = new KernelTables({
      proc: { netDirectory: () => folder, showsOwnNamespace: () => 'yes' },
      addon: { binding: { startInterfaces } },
      closing: closing.signal,
    } as unknown as TablesSetting);
    await expect(tables.interfaces()).rejects.toThrow('closed');
    expect(cancelled).toBe(1);
    await expect(tables.interfaces()).rejects.toThrow('closed');
  });

  it('need /proc/net/dev', async () => {
    const reading = readInterfaces({ netDirectory: join(folder, 'none'), binding: answering({}) });
    await expect(reading).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.skipIf(requirement('addon') !== undefined)('of this machine are those that Node.js knows', async () => {
    const addon = loadAddon({ packageRoot: '/', addonPath: ADDON });
    const binding = 'binding' in addon ? addon.binding : undefined;
    const found = await readInterfaces({ netDirectory: '/proc/net', binding });
    for (const [name, addresses] of Object.entries(networkInterfaces())) {
      const one = found.find((candidate) => candidate.name === name || candidate.labels.includes(name))!;
      expect(one.addresses.map(({ address }) => address)).toEqual(
        expect.arrayContaining(addresses!.map(({ address }) => address)),
      );
      expect(one.hardwareAddress).toBe(addresses![0]!.mac);
    }
  });
});

const live = requirement('netns', 'addon', 'dist', 'ip');

describe.skipIf(live !== undefined)(`IPv4 addresses of the kernel ${live ?? ''}`, () => {
  const dist = new URL('../../../dist/index.js', import.meta.url).href;
  const ask = `
    const { openHost } = await import(${JSON.stringify(dist)});
    const host = await openHost();
    const found = await host.interfaces();
    host.close();
    console.log(JSON.stringify(found.map(({ name, addresses }) => [name, addresses]),
      (_, value) => typeof value === 'bigint' ? Number(value) : value));`;
  const interfaces = (...commands: string[]): Map<string, InterfaceAddress[]> => {
    const script = `set -e; ${commands.join('; ')}; exec "$@"`;
    const words = ['-Urn', 'sh', '-c', script, 'sh', process.execPath, '--input-type=module', '-e', ask];
    return new Map(JSON.parse(execFileSync('unshare', words, { encoding: 'utf8', maxBuffer: 1 << 26 })));
  };

  it('are told with their own masks, ends and labels', () => {
    const found = interfaces(
      'ip link add v0 type veth peer name v1',
      'ip addr add 10.0.0.1/24 broadcast + dev v0',
      'ip addr add 10.0.0.1/16 dev v0',
      'ip addr add 10.0.0.7/24 dev v0',
      'ip addr add 10.0.0.8/24 dev v0 label v0:x',
      'ip addr add 10.0.0.1 peer 10.9.9.9 dev v1',
      'ip addr add 1.2.3.4/0 dev v1',
    );
    const row = (
      address: string,
      netmask: string,
      broadcast: string,
      destination: string,
      label: string,
    ) => ({
      ...{ family: 'inet', address, netmask, broadcast, destination, label },
    });
    const none = '0.0.0.0';
    expect(found.get('v0')).toEqual([
      row('10.0.0.1', '255.255.255.0', '10.0.0.255', '10.0.0.1', 'v0'),
      row('10.0.0.1', '255.255.0.0', none, '10.0.0.1', 'v0'),
      row('10.0.0.7', '255.255.255.0', none, '10.0.0.7', 'v0'),
      row('10.0.0.8', '255.255.255.0', none, '10.0.0.8', 'v0:x'),
    ]);
    expect(found.get('v1')).toEqual([
      row('10.0.0.1', '255.255.255.255', none, '10.9.9.9', 'v1'),
      row('1.2.3.4', none, none, '1.2.3.4', 'v1'),
    ]);
  });

  it('are their devices\u2019, whatever word is their label', () => {
    const found = interfaces(
      'ip link add v0 type veth peer name v1',
      'ip addr add 10.0.0.1/24 dev v0',
      'ip addr add 10.6.0.1/24 dev v0 label v0foo',
      'ip link add v0foo2 type veth peer name v3',
      'ip addr add 10.7.0.1/24 dev v0 label v0foo2',
    );
    const addressesOf = (name: string) => found.get(name)?.map(({ address }) => address);
    expect(addressesOf('v0')).toEqual(['10.0.0.1', '10.6.0.1', '10.7.0.1']);
    expect(addressesOf('v0foo2')).toEqual([]);
    expect([...found.keys()]).not.toContain('v0foo');
  });

  it('are all there, in thousands', { timeout: 30_000 }, () => {
    const lines =
      'for a in $(seq 0 19); do for b in $(seq 0 199); do echo addr add 10.1.$a.$b/32 dev lo; done; done';
    const found = interfaces(`(${lines}) | ip -batch -`).get('lo')!;
    expect(new Set(found.map((one) => one.address)).size).toBe(4000);
    expect(found).toHaveLength(4000);
  });
});

describe('/sys/class/net', () => {
  const put = (name: string, files: Record<string, string | number>) => {
    mkdirSync(join(folder, 'devices', name), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(folder, 'devices', name, file), `${text}\n`);
    }
    mkdirSync(join(folder, 'class'), { recursive: true });
    symlinkSync(join('../devices', name), join(folder, 'class', name));
  };
  const common = { mtu: 1500, type: 1, tx_queue_len: 1000 };
  const read = (names: string[]) => readSysfsDevices(names, join(folder, 'class'));

  beforeAll(() => {
    put('eth0', { ...common, ifindex: 2, flags: '0x1003', operstate: 'up', address: '02:fc:00:00:00:01' });
    put('eth1', { ...common, ifindex: 3, flags: '0x11043', operstate: 'down', address: '' });
    put('lo', { ...common, ifindex: 1, flags: '0x9', operstate: 'unknown', address: '00:00:00:00:00:00' });
    put('off', { ...common, ifindex: 4, flags: '0x1002', operstate: 'up', address: 'ff:'.repeat(30) });
    put('half', { ifindex: 5 });
    writeFileSync(join(folder, 'class/bonding_masters'), '');
  });

  it('tells flags, types and addresses', async () => {
    const answers = await read(['lo', 'off', 'eth0', 'eth1', 'half']);
    expect(answers).toMatchObject({ listErrno: 0, inet: false });
    const device = (name: string) => answers!.devices.get(name)!;
    expect(device('eth0')).toMatchObject({
      errno: 0,
      index: 2,
      flags: 0x1043,
      hardwareType: 1,
      mtu: 1500,
      inet: [],
    });
    expect([...device('eth0').hardwareAddress]).toEqual([2, 0xfc, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(device('eth1').flags).toBe(0x1003);
    expect(device('lo').flags).toBe(0x49);
    expect(device('off').flags).toBe(0x1002);
    expect([...device('off').hardwareAddress]).toEqual(new Array(14).fill(0xff));
    expect(device('half').errno).toBe(19);
  });

  it('is not believed where it has other names, or is not there', async () => {
    expect(await read(['lo', 'eth0'])).toBeUndefined();
    expect(await read(['lo', 'off', 'eth0', 'eth1', 'other'])).toBeUndefined();
    expect(await readSysfsDevices([], join(folder, 'no such'))).toBeUndefined();
  });
});

describe.skipIf(requirement('netns', 'netstat', 'dist', 'ip') !== undefined)('without the addon', () => {
  const dist = new URL('../../../dist', import.meta.url).pathname;
  const command = () => {
    execFileSync('cp', ['-R', dist, join(folder, 'dist')]);
    writeFileSync(join(folder, 'package.json'), '{"name":"sockscope","type":"module","version":"0.0.0"}');
    return `${process.execPath} ${folder}/dist/cli/main.cjs`;
  };

  it("the short table is netstat's, and the long one lacks IPv4", () => {
    const script = `set -e; mount -t sysfs sysfs /sys; ip link set lo up; ip link add v0 type veth peer name v1
      ip link set v0 up promisc on; ip link set v1 arp off mtu 99; ip addr add 10.0.0.1/24 dev v0
      netstat -ia; echo ==; ${command()} -ia; echo ==; netstat -iae | grep -v inet; echo ==; ${command()} -iae 2>&1 | grep -v inet`;
    const parts = execFileSync('unshare', ['-Urnm', 'sh', '-c', script], { encoding: 'latin1' }).split(
      '==\n',
    );
    expect(parts[1]).toBe(parts[0]);
    expect(parts[3]).toBe(`sockscope: IPv4 addresses are not shown without the addon\n${parts[2]}`);
  });

  it('a sysfs of another namespace is not asked', () => {
    const script = `ip link set lo up; ip link add v77 type veth peer name v78; ${process.execPath} ${folder}/dist/cli/main.cjs -i 2>&1`;
    const output = execFileSync('unshare', ['-Urnm', 'sh', '-c', script], { encoding: 'latin1' });
    expect(output).toContain('IPv6 addresses: there is no addon, and /sys/class/net does not show them\n');
    expect(output).toMatch(/^v77 +- +0 /m);
  });
});
