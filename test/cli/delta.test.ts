import { describe, expect, it } from 'vitest';
import { type DeltaPlace, runDelta } from '../../src/cli/delta.ts';
import { runMeasured } from '../../src/cli/delta-command.ts';
import { ReaderGone } from '../../src/cli/output.ts';
import { ByteWriter } from '../../src/format/byte-writer.ts';
import { type DeviceCounters, parseDeviceCounters } from '../../src/kernel-tables/device-counters.ts';
import type { CounterGroup } from '../../src/kernel-tables/statistics.ts';

type Groups = Readonly<Record<string, Readonly<Record<string, number | bigint>>>>;
/** Packets and bytes received, packets and bytes sent. */
type Devices = Readonly<Record<string, readonly [number, number, number, number]>>;
interface Reading {
  readonly groups?: Groups;
  readonly devices?: Devices;
}

function groupsOf(groups: Groups): CounterGroup[] {
  return Object.entries(groups).map(([name, counters]) => ({
    name,
    counters: Object.entries(counters).map(([counter, value]) => ({ name: counter, value: BigInt(value) })),
  }));
}

/** Of /proc/net/dev: the second line tells the columns. */
const HEADING = '\n face |bytes compressed\n';

function devicesOf(devices: Devices): Map<string, DeviceCounters> {
  const lines = Object.entries(devices).map(
    ([name, [rx, rxBytes, tx, txBytes]]) =>
      `${name}: ${rxBytes} ${rx} 0 0 0 0 0 0 ${txBytes} ${tx} 0 0 0 0 0 0\n`,
  );
  return parseDeviceCounters(Buffer.from(HEADING + lines.join(''), 'latin1'));
}

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What was done in what order. */
  readonly events: readonly string[];
}

interface Turns extends Partial<DeltaPlace> {
  /** One after the other; the last one stays. */
  readonly readings?: readonly Reading[];
  /** In which pause SIGINT comes, from 0. */
  readonly interruptIn?: number;
  /** Nobody reads stdout. */
  readonly closed?: boolean;
}

/** Runs the subcommand on made-up readings, with a clock that moves in pauses and by 4020 ms while a command runs. */
async function delta(
  line: string,
  { readings = [{}], interruptIn, closed, ...place }: Turns = {},
): Promise<Ran> {
  let now = 0;
  let stdout = '';
  let stderr = '';
  let interrupt = (): void => {};
  const events: string[] = [];
  let pauses = 0;
  let reading = 0;
  let groups: Groups | undefined;
  const next = (): Reading => readings[Math.min(reading++, readings.length - 1)]!;
  const status = await runDelta(
    {
      words: line.split(' ').filter((word) => word !== ''),
      program: 'sockscope',
      openHost: ({ procRoot }) => ({
        proc: { path: '', netDirectory: () => procRoot ?? '/proc/net' } as never,
        close: async () => void events.push('close'),
      }),
      out: new ByteWriter((bytes) => {
        if (closed === true) throw new ReaderGone();
        events.push('report');
        stdout += Buffer.from(bytes).toString('latin1');
      }),
      say: (lines) => {
        stderr += Buffer.from(lines);
      },
      pause: async (milliseconds) => {
        events.push(`pause ${milliseconds}`);
        if (pauses++ === interruptIn) {
          now += milliseconds / 2;
          interrupt();
          return new Promise(() => {});
        }
        now += milliseconds;
      },
      now: () => now,
    },
    {
      devices: (directory) => {
        const { groups: then = {}, devices = {} } = next();
        groups = then;
        events.push(`devices ${directory}`);
        return devicesOf(devices);
      },
      statistics: async () => {
        events.push('statistics');
        const { groups: then = {} } = groups === undefined ? next() : { groups };
        groups = undefined;
        return { groups: groupsOf(then) };
      },
      run: async (command) => {
        events.push(`run ${command.join(' ')}`);
        now += 4020;
        return { status: 0 };
      },
      onInterrupt: (listener) => {
        interrupt = listener;
        return () => events.push('off');
      },
      ...place,
    },
  );
  return { status, stdout, stderr, events };
}

const PING: readonly Reading[] = [
  {
    groups: {
      Ip: { InReceives: 1, OutRequests: 7 },
      Icmp: { OutEchos: 3, InEchoReps: 3 },
      Tcp: { CurrEstab: 4 },
    },
    devices: { lo: [5, 500, 5, 500], v0: [0, 0, 1, 90] },
  },
  {
    groups: {
      Ip: { InReceives: 9, OutRequests: 15 },
      Icmp: { OutEchos: 7, InEchoReps: 6 },
      IcmpMsg: { InType0: 3 },
      Tcp: { CurrEstab: 3 },
    },
    devices: { lo: [5, 500, 5, 500], v0: [4, 392, 5, 482] },
  },
];

describe('delta', () => {
  it('tells what moved while a command ran', async () => {
    const { status, stdout, events } = await delta('-- ping -c 4 10.0.0.1', { readings: PING });
    expect(status).toBe(0);
    expect(stdout).toBe(`delta over 4.02 s: ping -c 4 10.0.0.1
Ip:
      +8   2.0/s  total packets received
      +8   2.0/s  requests sent out
Icmp:
      +4   1.0/s  ICMP output: echo requests
      +3   0.7/s  ICMP input: echo replies
       =  75.0 %  of the echo requests sent were answered
IcmpMsg:
      +3   0.7/s  InType0
Tcp:
      -1          connections established: 3 now
v0:
      +4   1.0/s  packets received
    +392  97.5/s  bytes received
      +4   1.0/s  packets sent
    +392  97.5/s  bytes sent
       =    98.0  bytes in each packet received
       =    98.0  bytes in each packet sent
`);
    const read = ['devices /proc/net', 'statistics'];
    expect(events).toEqual([...read, 'run ping -c 4 10.0.0.1', ...read, 'report', 'close']);
  });

  it('says the same in JSON', async () => {
    const { stdout } = await delta('--json -- ping', { readings: PING });
    expect(JSON.parse(stdout)).toMatchObject({
      seconds: 4.02,
      command: ['ping'],
      protocols: [
        {
          name: 'Ip',
          counters: [{ name: 'InReceives', kind: 'counted', difference: 8, perSecond: 1.99 }, {}],
        },
        { name: 'Icmp', figures: { answersReceivedShare: 0.75 } },
        { name: 'IcmpMsg', kind: 'stayed' },
        { name: 'Tcp', counters: [{ name: 'CurrEstab', kind: 'level', before: 4, after: 3 }] },
      ],
      interfaces: [
        { name: 'v0', kind: 'stayed', figures: { bytesPerPacketReceived: 98, bytesPerPacketSent: 98 } },
      ],
    });
    expect(stdout.endsWith('}\n')).toBe(true);
    const huge = [{ groups: { Ip: { a: 0 } } }, { groups: { Ip: { a: 2n ** 64n - 1n } } }];
    expect((await delta('--json', { readings: huge })).stdout).toContain('"difference":18446744073709551615');
    const named = [{ devices: {} }, { devices: { '\xc3\xbc': [0, 0, 0, 0] as const } }];
    const text = Buffer.from((await delta('--json', { readings: named })).stdout, 'latin1').toString();
    expect(JSON.parse(text).interfaces[0].name).toBe('ü');
  });

  it('waits a second, or as long as it is told, and tells once', async () => {
    const { stdout, events, status } = await delta('', { readings: PING });
    expect(status).toBe(0);
    expect(events.filter((event) => /pause|report/.test(event))).toEqual(['pause 1000', 'report']);
    expect(stdout).toMatch(/^delta over 1\.00 s\nIp:\n/);
    expect((await delta('2.5')).events).toContain('pause 2500');
    expect((await delta('2.5')).stdout).toBe('delta over 2.50 s\nnothing moved\n');
  });

  it('tells time after time with -c, until SIGINT, and then of the time that was left', async () => {
    const readings = [1, 2, 4, 4].map((a) => ({ groups: { Ip: { a } } }));
    for (const line of ['-c 2', '--continuous=2', '2 --continuous']) {
      const { status, stdout, events } = await delta(line, { readings, interruptIn: 2 });
      expect(status, line).toBe(130);
      expect(stdout).toBe(
        'delta over 2.00 s\nIp:\n    +1  0.5/s  a\ndelta over 2.00 s\nIp:\n    +2  1.0/s  a\ndelta over 1.00 s\nnothing moved\n',
      );
      expect(events.slice(-5)).toEqual(['off', 'devices /proc/net', 'statistics', 'report', 'close']);
      // Outside of the waits SIGINT ends the process, whoever does not read.
      expect(events.filter((event) => event === 'off')).toHaveLength(3);
    }
    const once = await delta('', { readings, interruptIn: 0 });
    expect(once).toMatchObject({ status: 130, stdout: 'delta over 0.50 s\nIp:\n    +1  2.0/s  a\n' });
  });

  it('asks for what it is asked for', async () => {
    const all = [
      'Ip',
      'Icmp',
      'IcmpMsg',
      'IpExt',
      'Tcp',
      'TcpExt',
      'MPTcpExt',
      'Udp',
      'UdpLite',
      'Sctp',
      'X',
    ];
    const six = ['Ip6', 'Icmp6', 'Udp6', 'UdpLite6'];
    const reading = (a: number): Reading => ({
      groups: Object.fromEntries([...all, ...six].map((name) => [name, { a }])),
      devices: { v0: [a, 0, 0, 0], v1: [a, 0, 0, 0] },
    });
    const titles = async (line: string): Promise<string> => {
      const { stdout } = await delta(line, { readings: [reading(1), reading(2)] });
      return [...stdout.matchAll(/^(\w+):$/gm)].map((match) => match[1]).join(' ');
    };
    const devices = 'v0 v1';
    expect(await titles('')).toBe([...all, ...six, devices].join(' '));
    expect(await titles('-i')).toBe(devices);
    expect(await titles('-I v1')).toBe('v1');
    expect(await titles('--interfaces=v1 --statistics -6')).toBe(
      'Tcp TcpExt MPTcpExt Sctp Ip6 Icmp6 Udp6 UdpLite6 v1',
    );
    expect(await titles('-s')).toBe([...all, ...six].join(' '));
    expect(await titles('-s46')).toBe([...all, ...six].join(' '));
    expect(await titles('-4')).toBe(all.join(' '));
    expect(await titles('-t')).toBe('Tcp TcpExt MPTcpExt');
    expect(await titles('-it')).toBe(`Tcp TcpExt MPTcpExt ${devices}`);
    expect(await titles('-u')).toBe('Udp Udp6');
    expect(await titles('-u4 -S')).toBe('Udp Sctp');
    expect(await titles('-U')).toBe('UdpLite UdpLite6');
    expect(await titles('--raw')).toBe('Ip Icmp IcmpMsg IpExt Ip6 Icmp6');
  });

  it('names counters in the words of netstat, those that netstat does not find among them', async () => {
    const counters = { TCPTimeouts: 3, DelayedACKLost: 2, Unheard: 1 };
    const after = { TcpExt: counters, Sctp: { SctpAborteds: 1 }, Ip: { Forwarding: 1, DefaultTTL: 64 } };
    const before = { TcpExt: {}, Sctp: {}, Ip: { Forwarding: 2, DefaultTTL: 64 } };
    const { stdout } = await delta('', { readings: [{ groups: before }, { groups: after }] });
    expect(stdout).toBe(`delta over 1.00 s
TcpExt:
    +3  3.0/s  other TCP timeouts
    +2  2.0/s  Quick ack mode was activated 2 times
    +1  1.0/s  Unheard
Sctp:
    +1  1.0/s  Number of Aborteds
Ip:
    -1         Forwarding: 1 now
`);
  });

  it('works out figures of what moved alone', async () => {
    const before = {
      Tcp: {},
      Ip: {},
      Ip6: {},
      Udp: {},
      Udp6: {},
      Icmp: { OutEchos: 9, InEchos: 0 },
      Icmp6: {},
    };
    const after = {
      Tcp: { OutSegs: 200, RetransSegs: 3 },
      Ip: { FragOKs: 2, FragCreates: 7, ReasmReqds: 5 },
      Ip6: { Ip6ReasmOKs: 2, Ip6ReasmReqds: 5 },
      Udp: { NoPorts: 1, InErrors: 1, InDatagrams: 6 },
      Udp6: { Udp6InDatagrams: 6 },
      Icmp: { OutEchos: 1, InEchos: 5, OutEchoReps: 5 },
      Icmp6: { Icmp6OutEchos: 4 },
    };
    const { stdout } = await delta('', { readings: [{ groups: before }, { groups: after }] });
    const figures = [...stdout.matchAll(/^ += +(.*)$|^(\w+):$/gm)].map(
      ([, figure, title]) => figure ?? title,
    );
    expect(figures).toEqual([
      ...['Tcp', '1.5 %  of the segments sent out were retransmissions'],
      ...['Ip', '3.5  fragments of each datagram that was fragmented'],
      ...['Ip6', '2.5  fragments for each datagram that was reassembled'],
      ...['Udp', '25.0 %  of the packets that came were not delivered'],
      ...['Udp6', '0.0 %  of the packets that came were not delivered'],
      // Its counters began anew.
      'Icmp',
      ...['Icmp6', '0.0 %  of the echo requests sent were answered'],
    ]);
  });

  it('says what began anew, came and went, and gives it no rate', async () => {
    const before: Reading = {
      groups: { Ip: { InReceives: 4_294_967_290n }, IcmpMsg: { InType3: 2 }, Sctp: { SctpAborteds: 0 } },
      devices: { v0: [9, 900, 0, 0], old: [1, 1, 1, 1] },
    };
    const after: Reading = {
      groups: { Ip: { InReceives: 5 }, IcmpMsg: {}, Fresh: { a: 0 } },
      devices: { v0: [1, 950, 0, 0], young: [1, 60, 0, 0], idle: [0, 0, 0, 0] },
    };
    const { stdout } = await delta('', { readings: [before, after] });
    expect(stdout).toBe(`delta over 1.00 s
Ip:
      ?          total packets received: began anew or wrapped, 4294967290 before, 5 now
IcmpMsg:
      ?          InType3: gone, 2 before
Sctp: (gone)
v0:
      ?          packets received: began anew or wrapped, 9 before, 1 now
      ?          bytes received: began anew or wrapped, 900 before, 950 now
young: (new)
     +1   1.0/s  packets received
    +60  60.0/s  bytes received
      =    60.0  bytes in each packet received
idle: (new)
old: (gone)
`);
    const lonely = await delta('-I v9 -- true', { readings: [before, after] });
    expect(lonely.stdout).toBe('delta over 4.02 s: true\nv9: there is no such interface\n');
    expect((await delta('-I old', { readings: [before, after] })).stdout).toBe(
      'delta over 1.00 s\nold: (gone)\n',
    );
  });

  it('is not waited for of an interface that is not there, unless it may come', async () => {
    const readings = [{ devices: {} }, { devices: { v0: [1, 60, 0, 0] } }] as const;
    for (const line of ['-I v0', '-I v0 -s 2', '--json -I v0']) {
      expect(await delta(line, { readings })).toMatchObject({
        status: 1,
        stdout: '',
        stderr: 'sockscope: delta: -I v0: no such interface\n',
        events: expect.not.arrayContaining([expect.stringMatching(/^pause/)]),
      });
    }
    expect(await delta('-I v0 -c', { readings, interruptIn: 0 })).toMatchObject({
      status: 130,
      stdout: expect.stringMatching(/^delta over 0\.50 s\nv0: \(new\)\n/),
      stderr: '',
    });
    const alien = await delta('-I \u00e9\u001b');
    expect(alien.stderr).toBe('sockscope: delta: -I \u00e9\\x1b: no such interface\n');
  });

  it('prints no control byte of a name or of the command', async () => {
    const readings = [{}, { devices: { 'v\x1b[2J': [0, 0, 0, 0] as const } }];
    const { stdout } = await delta('-- sh\x1b ü', { readings });
    expect(Buffer.from(stdout, 'latin1').toString()).toBe('delta over 4.02 s: sh\\x1b ü\nv\\x1b[2J: (new)\n');
  });

  it('divides by no time, and rounds no rate to nothing', async () => {
    const readings = [{}, { groups: { Ip: { a: 3 } } }];
    const run = async () => ({ status: 0 });
    expect((await delta('-- true', { readings, run })).stdout).toContain('    +3    a\n');
    expect((await delta('--json -- true', { readings, run })).stdout).not.toContain('perSecond');
    expect((await delta('100', { readings })).stdout).toContain('    +3  <0.1/s  a\n');
  });

  it('ends with the status of the command, whoever reads the report', async () => {
    const run = async () => ({ status: 143 });
    expect(await delta('-- sleep 9', { run })).toMatchObject({ status: 143, stderr: '' });
    expect(await delta('-- sleep 9', { run, closed: true })).toMatchObject({ status: 143, stdout: '' });
    await expect(delta('', { closed: true })).rejects.toThrow(ReaderGone);
    const missing = await delta('-- nix', { run: async () => ({ status: 127, failure: 'no such file' }) });
    expect(missing).toMatchObject({
      status: 127,
      stdout: '',
      stderr: 'sockscope: delta: nix: no such file\n',
    });
    expect(missing.events.at(-1)).toBe('close');
  });

  it('says in its own name that there are no counters, and ends with 1', async () => {
    const missing = Object.assign(new Error("ENOENT: open '/proc/net/dev'"), { syscall: 'open', errno: -2 });
    const devices = () => {
      throw missing;
    };
    const { status, stdout, stderr, events } = await delta('', { devices });
    expect([status, stdout, stderr]).toEqual([1, '', `sockscope: delta: ${missing.message}\n`]);
    expect(events.at(-1)).toBe('close');
  });

  it('passes on what keeps it from reading', async () => {
    const statistics = async () => Promise.reject(new Error('EIO'));
    await expect(delta('-- true', { statistics })).rejects.toThrow('EIO');
  });

  it('tells how it is used', async () => {
    for (const line of ['-h', '--help', '-t --help -- x']) {
      expect(await delta(line)).toMatchObject({ status: 0, stderr: '', events: ['report'].slice(1) });
    }
    const mistakes: Record<string, string> = {
      '-q': "invalid option -- 'q'",
      '--nix': "unrecognized option '--nix'",
      '-I': "option requires an argument -- 'I'",
      '--proc=': 'delta: --proc needs the path of a folder',
      '--': 'delta: a command stands behind --',
      ping: "delta: what is 'ping'? A command stands behind --",
      pé: "delta: what is 'pé'? A command stands behind --",
      '-c -- ping': 'delta: a command says itself how long it takes; it does not go with -c or a time',
      '5 -- ping': 'delta: a command says itself how long it takes; it does not go with -c or a time',
      '-c 0': "delta: '0' is no number of seconds",
      '--continuous=x': "delta: 'x' is no number of seconds",
    };
    for (const [line, message] of Object.entries(mistakes)) {
      const { status, stdout, stderr } = await delta(line);
      expect([status, stdout, stderr.split('\n')[0]], line).toEqual([3, '', `sockscope: ${message}`]);
      expect(stderr).toContain('usage: sockscope delta');
    }
    const gone = await delta('--proc=/nowhere/at/all');
    expect(gone).toMatchObject({
      status: 1,
      stderr: 'sockscope: delta: --proc: there is no folder /nowhere/at/all\n',
    });
  });
});

describe('a measured command', () => {
  it('has the exit status that a shell gives it', async () => {
    expect(await runMeasured(['true'])).toEqual({ status: 0 });
    expect(await runMeasured(['sh', '-c', 'exit 77'])).toEqual({ status: 77 });
    expect(await runMeasured(['sh', '-c', 'kill -TERM $$'])).toEqual({ status: 143 });
    expect(await runMeasured(['sh', '-c', 'kill -KILL $$'])).toEqual({ status: 137 });
  });

  it('may not be there, or be no program', async () => {
    expect(await runMeasured(['/nowhere/at/all'])).toEqual({
      status: 127,
      failure: 'no such file or directory',
    });
    // As env(1): a folder of PATH that may not be searched is a refusal.
    const path = process.env.PATH;
    process.env.PATH = '/usr/bin:/bin';
    try {
      expect(await runMeasured(['no-such-program-at-all'])).toMatchObject({ status: 127 });
    } finally {
      process.env.PATH = path;
    }
    expect(await runMeasured([''])).toMatchObject({ status: 127 });
    expect(await runMeasured(['/proc'])).toEqual({ status: 126, failure: 'permission denied' });
    expect(await runMeasured(['/proc/version/x'])).toEqual({ status: 126, failure: 'not a directory' });
    expect(await runMeasured(['true', 'x'.repeat(200_000)])).toMatchObject({ status: 126 });
  });

  it('leaves no listener behind', async () => {
    const count = (): number[] =>
      ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
    const before = count();
    await runMeasured(['true']);
    await runMeasured(['/nowhere']);
    expect(count()).toEqual(before);
  });
});
