import { describe, expect, it } from 'vitest';
import { InternetTable } from '../../../src/format/internet-table.ts';
import type { ListingOptions, Names } from '../../../src/format/listing.ts';
import { Family } from '../../../src/socket/family.ts';
import { Protocol } from '../../../src/socket/protocol.ts';
import { Batch } from '../../../src/table/batch.ts';
import { ABSENT, columnSet } from '../../../src/table/schema.ts';
import { batchOf, type Row } from './batches.ts';
import { gathered } from './gathered.ts';
import { ownersOf } from './owners.ts';

const ALL: ListingOptions = {
  which: 'all',
  wide: false,
  extend: false,
  programs: 'none',
  timers: false,
  numericHosts: true,
};

const TCP: Row = {
  protocol: Protocol.tcp,
  family: Family.inet,
  state: 1,
  local: '127.0.0.1',
  localPort: 8080,
  remote: '127.0.0.1',
  remotePort: 50_000,
};
const TCP6: Row = { ...TCP, family: Family.inet6, local: '::1', remote: '::1' };
const UDP: Row = { ...TCP, protocol: Protocol.udp };

function lines(rows: readonly Row[], options: Partial<ListingOptions> = {}, names: Names = {}): string[] {
  const text = gathered((out) => {
    const table = new InternetTable(out, { ...ALL, ...options }, names);
    table.batch(batchOf(rows));
    table.end();
  });
  return text.split('\n').slice(0, -1);
}

describe('InternetTable', () => {
  it('writes all that is asked of a TCP row', () => {
    const row = {
      ...TCP,
      sendQ: 10,
      recvQ: 15,
      timer: 2,
      expiresMs: 5000,
      retrans: 2,
      uid: 1000,
      probes: 3,
      inode: 101,
    };
    expect(lines([row], { extend: true, timers: true })).toEqual([
      'tcp       15     10 127.0.0.1:8080          127.0.0.1:50000         ESTABLISHED 1000       101        keepalive (5.00/2/3)',
    ]);
  });

  it('leaves out hidden inodes, and does not ask for their hosts', () => {
    const batch = batchOf([
      { ...TCP, inode: 7 },
      { ...TCP6, inode: 8 },
      { ...TCP, inode: 9, remotePort: 9 },
    ]);
    const names: Names = { host: () => undefined };
    const hosts: number[] = [];
    const text = gathered((out) => {
      const table = new InternetTable(out, { ...ALL, numericHosts: false }, names);
      const sink = { add: (_: Uint8Array, offset: number) => hosts.push(offset / 16) };
      table.addHosts(batch, sink, new Set([7, 8]));
      table.batch(batch, new Set([7, 8]));
      table.end();
    });
    expect(text).toBe('tcp        0      0 127.0.0.1:8080          127.0.0.1:9             ESTABLISHED\n');
    expect(hosts).toEqual([2, 2]);
  });

  it('writes the program between user and timer, of either family', () => {
    const owners = ownersOf([['20 3', '30 4'], ['30 5'], []], { 20: 'node', 30: 'x' });
    const rows = (programs: ListingOptions['programs'], more: Partial<ListingOptions> = {}): string[] =>
      gathered((out) => {
        const table = new InternetTable(out, { ...ALL, ...more, programs }, {});
        table.batch(batchOf([TCP6, TCP, UDP]).withOwners(owners));
        table.end();
      })
        .split('\n')
        .map((line) => line.slice(79));
    expect(rows('lowest')).toEqual([
      ' 30/x                ',
      ' -                   ',
      ' 20/node             ',
      '',
    ]);
    expect(rows('all')[2]).toBe(' 20/node,30/x        ');
    expect(rows('lowest', { extend: true, timers: true })[0]).toBe(
      ' 0          0          30/x                 off (0.00/0/0)',
    );
  });

  it('writes a minus for every program where no owners came', () => {
    expect(lines([TCP], { programs: 'lowest' })[0]!.slice(79)).toBe(' -                   ');
  });

  it('has the three headings', () => {
    const heading = (options: Partial<ListingOptions>): string =>
      gathered((out) => new InternetTable(out, { ...ALL, ...options }, {}).heading());
    const columns = 'Proto Recv-Q Send-Q Local Address           Foreign Address         State      ';
    expect(heading({})).toBe(`Active Internet connections (servers and established)\n${columns}\n`);
    expect(heading({ which: 'listening', extend: true })).toBe(
      `Active Internet connections (only servers)\n${columns} User       Inode     \n`,
    );
    for (const programs of ['lowest', 'all'] as const) {
      expect(heading({ which: 'connected', extend: true, programs, timers: true })).toBe(
        `Active Internet connections (w/o servers)\n${columns} User       Inode      PID/Program name     Timer\n`,
      );
    }
    expect(heading({ which: 'connected', extend: true, timers: true })).toBe(
      `Active Internet connections (w/o servers)\n${columns} User       Inode      Timer\n`,
    );
  });

  it('asks for the columns it prints and no others', () => {
    const columns = (options: Partial<ListingOptions>): readonly string[] =>
      gatheredColumns({ ...ALL, ...options });
    expect(columns({})).not.toContain('uid');
    expect(columns({})).not.toContain('timer');
    expect(columns({ extend: true })).toEqual(expect.arrayContaining(['uid', 'inode']));
    expect(columns({ timers: true })).toEqual(
      expect.arrayContaining(['timer', 'expiresMs', 'retrans', 'probes']),
    );
  });

  it('holds IPv6 rows back until the protocol ends, and starts anew for the next', () => {
    const text = gathered((out) => {
      const table = new InternetTable(out, ALL, {});
      table.batch(batchOf([TCP6, TCP]));
      table.batch(batchOf([TCP6, TCP]));
      table.end();
      table.batch(batchOf([{ ...UDP, family: Family.inet6 }, UDP]));
      table.end();
      table.end();
    });
    expect(text.split('\n').map((line) => line.split(' ', 1)[0])).toEqual([
      'tcp',
      'tcp',
      'tcp6',
      'tcp6',
      'udp',
      'udp6',
      '',
    ]);
  });

  it('holds back more rows than its buffer takes', () => {
    const count = 7000;
    const rows = Array.from({ length: count }, (_, index) => ({ ...TCP6, remotePort: index }));
    const ports = lines(rows).map((line) =>
      Number(/::1:(\d+|\*) +ESTABLISHED$/.exec(line)![1]!.replace('*', '0')),
    );
    expect(ports).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it('shows 0 for the queue of a listener, whatever the source knows of its backlog', () => {
    for (const sendQ of [0, 7, ABSENT]) {
      expect(lines([{ ...TCP, state: 10, recvQ: 3, sendQ }])[0]).toMatch(/^tcp {8}3 {6}0 /);
    }
    expect(lines([{ ...TCP, sendQ: ABSENT }])[0]).toMatch(/^tcp {8}0 4294967295 /);
    expect(lines([{ ...UDP, state: 10, sendQ: 7 }])[0]).toMatch(/^udp {8}0 {6}7 /);
  });

  it('names states that netstat has no word for UNKNOWN', () => {
    const states = [0, 11, 12, 13, 255].map((state) => lines([{ ...TCP, state }])[0]!.slice(68));
    expect(states).toEqual(['           ', 'CLOSING    ', 'UNKNOWN    ', 'UNKNOWN    ', 'UNKNOWN    ']);
  });

  it('rounds timers down to clock ticks, as /proc does, and takes unknown probes for none', () => {
    const timer = (row: Row): string => lines([{ ...TCP, timer: 1, ...row }], { timers: true })[0]!.slice(80);
    expect(timer({ expiresMs: 1239 })).toBe('on (1.23/0/0)');
    expect(timer({ expiresMs: 9 })).toBe('on (0.00/0/0)');
    expect(timer({ expiresMs: 0xffff_ffff, probes: 254, retrans: 255 })).toBe('on (4294967.29/255/254)');
    expect(timer({ timer: 0, expiresMs: 1239, retrans: 1 })).toBe('off (0.00/1/0)');
  });

  it('cuts addresses to 23 bytes but keeps up to 18 of the port; -W cuts nothing', () => {
    const address = '2001:db8:1234:5678:9abc:def0:1234:5678';
    const names: Names = {
      service: (port) => ({ 443: 'https', 7001: 'averyveryverylongservicename' })[port],
    };
    const cell = (row: Row, wide: boolean): string =>
      lines([{ ...TCP6, ...row }], { wide }, names)[0]!
        .slice(20)
        .split(' ')[0]!;
    expect(cell({ local: address, localPort: 444 }, false)).toBe('2001:db8:1234:5678::444');
    expect(cell({ local: address, localPort: 443 }, false)).toBe('2001:db8:1234:567:https');
    expect(cell({ local: '::ffff:1.2.3.4', localPort: 7001 }, false)).toBe('1.2.:averyveryverylongs');
    expect(cell({ local: address, localPort: 443 }, true)).toBe(`${address}:https`);
  });

  it('asks for each name once, and takes the number where there is none', () => {
    const asked: string[] = [];
    const names: Names = {
      service: (port, protocol) => {
        asked.push(`${protocol} ${port}`);
        return port === 80 ? 'http' : undefined;
      },
      user: (uid) => {
        asked.push(`user ${uid}`);
        return uid === 0 ? 'root' : undefined;
      },
    };
    const row: Row = { ...TCP, localPort: 80, remotePort: 0 };
    const found = lines([row, row, { ...row, localPort: 81, uid: ABSENT }], { extend: true }, names);
    expect(
      found.map((line) => line.trimEnd().split(/ +/)).map((cells) => [cells[3], cells[4], cells[6]]),
    ).toEqual([
      ['127.0.0.1:http', '127.0.0.1:*', 'root'],
      ['127.0.0.1:http', '127.0.0.1:*', 'root'],
      ['127.0.0.1:81', '127.0.0.1:*', '-1'],
    ]);
    expect(asked).toEqual(['tcp 80', 'user 0', 'tcp 81', `user ${ABSENT}`]);
  });

  it('says which column is missing, and which protocol has no table', () => {
    const table = (write: (table: InternetTable) => void): string =>
      gathered((out) => write(new InternetTable(out, ALL, {})));
    const bare = new Batch({
      rows: 1,
      columns: columnSet(['protocol']),
      heapBytes: 0,
      buffer: new Uint8Array([Protocol.tcp, 0, 0, 0, 0, 0, 0, 0]).buffer,
    });
    expect(() => table((one) => one.batch(bare))).toThrow(new TypeError('column "family" was not asked for'));
    expect(() => table((one) => one.batch(batchOf([{ protocol: Protocol.unix }])))).toThrow(
      new RangeError('no internet table for protocol 10'),
    );
  });
});

function gatheredColumns(options: ListingOptions): readonly string[] {
  let columns: readonly string[] = [];
  gathered((out) => {
    columns = new InternetTable(out, options, {}).columns;
  });
  return columns;
}
