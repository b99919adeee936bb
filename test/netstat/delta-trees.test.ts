import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { HEADER } from './interfaces-scene.ts';
import { type Outcome, runOn, sockscope } from './synthetic-proc.ts';

const missing = requirement('netns', 'dist');

const BEFORE = {
  dev: `${HEADER}  v0: 900 9 0 0 0 0 0 0 0 0 0 0 0 0 0 0
old: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0
lo: 500 5 0 0 0 0 0 0 500 5 0 0 0 0 0 0
`,
  snmp: `Ip: Forwarding DefaultTTL InReceives OutRequests FragOKs FragCreates
Ip: 2 64 4294967290 7 0 0
Icmp: OutEchos InEchoReps
Icmp: 3 3
IcmpMsg: InType3
IcmpMsg: 2
Tcp: CurrEstab MaxConn OutSegs RetransSegs
Tcp: 4 1 0 0
Udp: InDatagrams NoPorts
Udp: 0 0
`,
  netstat: 'TcpExt: TCPTimeouts DelayedACKLost Unheard Lost\nTcpExt: 0 0 0 3\n',
  snmp6: 'Ip6InReceives 1\n',
};
const AFTER = {
  dev: `${HEADER}  v0: 950 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0
young: 60 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0
lo: 892 9 1 2 3 4 5 6 500 5 7 8 9 10 11 12
`,
  snmp: `Ip: Forwarding DefaultTTL InReceives OutRequests FragOKs FragCreates
Ip: 1 64 5 15 2 7
Icmp: OutEchos InEchoReps
Icmp: 7 6
IcmpMsg: InType3 InType8
IcmpMsg: 4 1
Tcp: CurrEstab MaxConn OutSegs RetransSegs
Tcp: 3 2 200 3
Udp: InDatagrams NoPorts
Udp: 6 2
Fresh: a b
Fresh: 0 9007199254740993
Idle: a
Idle: 0
`,
  netstat: 'TcpExt: TCPTimeouts DelayedACKLost Unheard\nTcpExt: 3 2 1\n',
  snmp6: '',
};

const net = {
  ...BEFORE,
  ...Object.fromEntries(Object.entries(AFTER).map(([name, text]) => [`later/${name}`, text])),
};
/** The command between the readings: another tree takes the place of this one. */
const CHANGE = ['--', 'sh', '-c', 'cp /proc/net/later/* /proc/net/'];

/** Without what the clock has a part in: seconds and rates. */
function timeless({ stdout, stderr, code }: Outcome): Outcome {
  const text = stdout
    .replace(/^delta over \d+\.\d\d s/gm, 'delta over T s')
    .replace(/ +<?[\d.]+\/s {2}/g, ' R/s  ')
    // Rates have a part in how wide the columns are, too.
    .replace(/^ +(?=\S)/gm, '    ')
    .replace(/(?<=\S) {2,}(?=\S)/g, '  ')
    .replace(/("seconds"|"perSecond"):[\d.]+/g, '$1:0');
  return { stdout: text, stderr, code };
}

const DIFFERENCE = `delta over T s: sh -c cp /proc/net/later/* /proc/net/
Ip:
    -1  Forwarding: 1 now
    ?  total packets received: began anew or wrapped, 4294967290 before, 5 now
    +8 R/s  requests sent out
    +2 R/s  outgoing packets fragmented ok
    +7 R/s  fragments created
    =  3.5  fragments of each datagram that was fragmented
Icmp:
    +4 R/s  ICMP output: echo requests
    +3 R/s  ICMP input: echo replies
    =  75.0 %  of the echo requests sent were answered
IcmpMsg:
    +2 R/s  InType3
    +1 R/s  InType8
Tcp:
    -1  connections established: 3 now
    +1  MaxConn: 2 now
    +200 R/s  segments sent out
    +3 R/s  segments retransmitted
    =  1.5 %  of the segments sent out were retransmissions
Udp:
    +6 R/s  packets received
    +2 R/s  packets to unknown port received
    =  25.0 %  of the packets that came were not delivered
Fresh:
    +9007199254740993 R/s  b
TcpExt:
    +3 R/s  other TCP timeouts
    +2 R/s  Quick ack mode was activated 2 times
    +1 R/s  Unheard
    ?  Lost: gone, 3 before
Ip6: (gone)
v0:
    ?  packets received: began anew or wrapped, 9 before, 1 now
    ?  bytes received: began anew or wrapped, 900 before, 950 now
young: (new)
    +1 R/s  packets received
    +60 R/s  bytes received
    =  60.0  bytes in each packet received
lo:
    +4 R/s  packets received
    +392 R/s  bytes received
    +1 R/s  receive errors
    +2 R/s  packets dropped on receipt
    +3 R/s  receive overruns
    +4 R/s  frame errors
    +5 R/s  compressed packets received
    +6 R/s  multicast packets received
    +7 R/s  send errors
    +8 R/s  packets dropped on sending
    +9 R/s  send overruns
    +10 R/s  collisions
    +11 R/s  carrier losses
    +12 R/s  compressed packets sent
    =  98.0  bytes in each packet received
old: (gone)
`;

const REPORT = {
  schemaVersion: 1,
  seconds: 0,
  command: ['sh', '-c', 'cp /proc/net/later/* /proc/net/'],
  protocols: [
    {
      name: 'Ip',
      kind: 'stayed',
      counters: [
        { name: 'Forwarding', kind: 'level', before: 2, after: 1 },
        { name: 'InReceives', kind: 'restarted', before: 4294967290, after: 5 },
        { name: 'OutRequests', kind: 'counted', difference: 8, perSecond: 0 },
        { name: 'FragOKs', kind: 'counted', difference: 2, perSecond: 0 },
        { name: 'FragCreates', kind: 'counted', difference: 7, perSecond: 0 },
      ],
      figures: { fragmentsPerDatagram: 3.5 },
    },
    {
      name: 'Icmp',
      kind: 'stayed',
      counters: [
        { name: 'OutEchos', kind: 'counted', difference: 4, perSecond: 0 },
        { name: 'InEchoReps', kind: 'counted', difference: 3, perSecond: 0 },
      ],
      figures: { answersReceivedShare: 0.75 },
    },
    {
      name: 'IcmpMsg',
      kind: 'stayed',
      counters: [
        { name: 'InType3', kind: 'counted', difference: 2, perSecond: 0 },
        { name: 'InType8', kind: 'counted', difference: 1, perSecond: 0 },
      ],
      figures: {},
    },
    {
      name: 'Tcp',
      kind: 'stayed',
      counters: [
        { name: 'CurrEstab', kind: 'level', before: 4, after: 3 },
        { name: 'MaxConn', kind: 'level', before: 1, after: 2 },
        { name: 'OutSegs', kind: 'counted', difference: 200, perSecond: 0 },
        { name: 'RetransSegs', kind: 'counted', difference: 3, perSecond: 0 },
      ],
      figures: { retransmittedShare: 0.015 },
    },
    {
      name: 'Udp',
      kind: 'stayed',
      counters: [
        { name: 'InDatagrams', kind: 'counted', difference: 6, perSecond: 0 },
        { name: 'NoPorts', kind: 'counted', difference: 2, perSecond: 0 },
      ],
      figures: { lostShare: 0.25 },
    },
    {
      name: 'Fresh',
      kind: 'stayed',
      counters: [{ name: 'b', kind: 'counted', difference: '9007199254740993', perSecond: 0 }],
      figures: {},
    },
    {
      name: 'TcpExt',
      kind: 'stayed',
      counters: [
        { name: 'TCPTimeouts', kind: 'counted', difference: 3, perSecond: 0 },
        { name: 'DelayedACKLost', kind: 'counted', difference: 2, perSecond: 0 },
        { name: 'Unheard', kind: 'counted', difference: 1, perSecond: 0 },
        { name: 'Lost', kind: 'gone', before: 3 },
      ],
      figures: {},
    },
    { name: 'Ip6', kind: 'gone', counters: [], figures: {} },
  ],
  interfaces: [
    {
      name: 'v0',
      kind: 'stayed',
      counters: [
        { name: 'rxPackets', kind: 'restarted', before: 9, after: 1 },
        { name: 'rxBytes', kind: 'restarted', before: 900, after: 950 },
      ],
      figures: {},
    },
    {
      name: 'young',
      kind: 'new',
      counters: [
        { name: 'rxPackets', kind: 'counted', difference: 1, perSecond: 0 },
        { name: 'rxBytes', kind: 'counted', difference: 60, perSecond: 0 },
      ],
      figures: { bytesPerPacketReceived: 60 },
    },
    {
      name: 'lo',
      kind: 'stayed',
      counters: [
        { name: 'rxPackets', kind: 'counted', difference: 4, perSecond: 0 },
        { name: 'rxBytes', kind: 'counted', difference: 392, perSecond: 0 },
        { name: 'rxErrors', kind: 'counted', difference: 1, perSecond: 0 },
        { name: 'rxDropped', kind: 'counted', difference: 2, perSecond: 0 },
        { name: 'rxFifo', kind: 'counted', difference: 3, perSecond: 0 },
        { name: 'rxFrame', kind: 'counted', difference: 4, perSecond: 0 },
        { name: 'rxCompressed', kind: 'counted', difference: 5, perSecond: 0 },
        { name: 'multicast', kind: 'counted', difference: 6, perSecond: 0 },
        { name: 'txErrors', kind: 'counted', difference: 7, perSecond: 0 },
        { name: 'txDropped', kind: 'counted', difference: 8, perSecond: 0 },
        { name: 'txFifo', kind: 'counted', difference: 9, perSecond: 0 },
        { name: 'collisions', kind: 'counted', difference: 10, perSecond: 0 },
        { name: 'txCarrier', kind: 'counted', difference: 11, perSecond: 0 },
        { name: 'txCompressed', kind: 'counted', difference: 12, perSecond: 0 },
      ],
      figures: { bytesPerPacketReceived: 98 },
    },
    { name: 'old', kind: 'gone', counters: [], figures: {} },
  ],
};

const STILL = 'delta over T s\nnothing moved\n';

describe.skipIf(missing !== undefined)(`what delta says of tables ${missing ?? ''}`, () => {
  it('is the difference', () => {
    const [text] = runOn({ net }, [sockscope(['delta', ...CHANGE])]);
    expect(timeless(text!)).toEqual({ stdout: DIFFERENCE, stderr: '', code: 0 });
  });

  it('is the difference in JSON', () => {
    const [json] = runOn({ net }, [sockscope(['delta', '--json', ...CHANGE])]);
    // A counter is digits, more than JSON.stringify would write.
    const report = JSON.stringify(REPORT).replace('"9007199254740993"', '9007199254740993');
    expect(timeless(json!)).toEqual({ stdout: `${report}\n`, stderr: '', code: 0 });
  });

  it('is nothing where nothing moves', () => {
    const [text, json, nobody, none, never, wrong, help] = runOn({ net }, [
      sockscope(['delta', '0.1']),
      sockscope(['delta', '--json', '-s', '0.1']),
      sockscope(['delta', '-I', 'n\u001b', '--', 'true']),
      sockscope(['delta', '--json', '-I', 'n', '--', 'true']),
      sockscope(['delta', '-I', 'n\u00e9\u001b', '3600']),
      sockscope(['delta', '--nix']),
      sockscope(['delta', '--', '/nowhere']),
    ]);
    expect(timeless(text!)).toEqual({ stdout: STILL, stderr: '', code: 0 });
    expect(timeless(json!).stdout).toBe('{"schemaVersion":1,"seconds":0,"protocols":[],"interfaces":[]}\n');
    expect(timeless(nobody!).stdout).toBe('delta over T s: true\nn\\x1b: there is no such interface\n');
    expect(timeless(none!).stdout).toBe(
      '{"schemaVersion":1,"seconds":0,"command":["true"],"protocols":[],"interfaces":[],"missingInterface":"n"}\n',
    );
    expect(timeless(never!)).toEqual({
      stdout: '',
      stderr: Buffer.from('sockscope: delta: -I n\u00e9\\x1b: no such interface\n').toString('latin1'),
      code: 1,
    });
    expect(wrong).toMatchObject({ stdout: '', code: 3 });
    expect(help).toEqual({
      stdout: '',
      stderr: 'sockscope: delta: /nowhere: no such file or directory\n',
      code: 127,
    });
  });
});
