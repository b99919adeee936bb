import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupsByName, parseStatistics, readStatistics } from '../../../src/kernel-tables/statistics.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('statistics', () => {
  it('are the groups of all files, in the order of the files and of their lines', () => {
    const statistics = parseStatistics({
      snmp: bytes('Ip: Forwarding InReceives\nIp: 1 18446744073709551615\nUdpLite: x\nUdpLite: 3\n'),
      netstat: bytes('TcpExt: TW\nTcpExt: 4\n'),
      sctp: bytes('SctpAborteds                    \t5\n'),
      snmp6: bytes('Ip6InReceives                   \t6\nIcmp6InMsgs 7\nIcmp6OutMsgs 8\n'),
    });
    expect(statistics).toEqual({
      groups: [
        {
          name: 'Ip',
          counters: [
            { name: 'Forwarding', value: 1n },
            { name: 'InReceives', value: 2n ** 64n - 1n },
          ],
        },
        { name: 'UdpLite', counters: [{ name: 'x', value: 3n }] },
        { name: 'TcpExt', counters: [{ name: 'TW', value: 4n }] },
        { name: 'Sctp', counters: [{ name: 'SctpAborteds', value: 5n }] },
        { name: 'Ip6', counters: [{ name: 'Ip6InReceives', value: 6n }] },
        {
          name: 'Icmp6',
          counters: [
            { name: 'Icmp6InMsgs', value: 7n },
            { name: 'Icmp6OutMsgs', value: 8n },
          ],
        },
      ],
      malformed: 0,
    });
  });

  it('lack what could not be read, and say how much that was', () => {
    const statistics = parseStatistics({
      snmp: bytes('Ip: a b c\nIp: 1 x 3\nUdp\nUdp: 1\nTcp: a\nTcp: 1\n'),
      sctp: bytes('SctpA 1\nSctpB x\n'),
      snmp6: bytes('Ip6A\n\nIp6B 2\n'),
    });
    expect(statistics.groups).toEqual([
      { name: 'Ip', counters: [{ name: 'a', value: 1n }] },
      { name: 'Sctp', counters: [{ name: 'SctpA', value: 1n }] },
      { name: 'Ip6', counters: [{ name: 'Ip6B', value: 2n }] },
    ]);
    // b and c of Ip, the rest of snmp, SctpB, Ip6A, the empty line.
    expect(statistics.malformed).toBe(6);
  });

  it('of no file are none', () => {
    expect(parseStatistics({})).toEqual({ groups: [], malformed: 0 });
  });

  it('of snmp6 begin a group where a name does not contain the last one', () => {
    const names = ['Ip6A', 'XIp6', 'Icmp6A', 'Ip6B', 'Plain', 'Plainer'];
    const groups = groupsByName(names.map((name) => ({ name, value: 0n })));
    expect(groups.map(({ name, counters }) => [name, counters.map((counter) => counter.name)])).toEqual([
      ['Ip6', ['Ip6A', 'XIp6']],
      ['Icmp6', ['Icmp6A']],
      ['Ip6', ['Ip6B']],
      ['Plain', ['Plain', 'Plainer']],
    ]);
  });
});

describe('the files of the statistics', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('may be absent', async () => {
    expect(await readStatistics(folder)).toEqual({ groups: [], malformed: 0 });
    mkdirSync(join(folder, 'sctp'));
    writeFileSync(join(folder, 'sctp/snmp'), 'SctpA 1\n');
    writeFileSync(join(folder, 'netstat'), 'IpExt: a\nIpExt: 1\n');
    const { groups } = await readStatistics(folder);
    expect(groups.map(({ name }) => name)).toEqual(['IpExt', 'Sctp']);
  });

  it('that cannot be read are an error', async () => {
    mkdirSync(join(folder, 'snmp'));
    await expect(readStatistics(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('of this kernel have no line that is not understood', async () => {
    const { groups, malformed } = await readStatistics('/proc/net');
    expect(malformed).toBe(0);
    const value = groups
      .find(({ name }) => name === 'Ip')
      ?.counters.find(({ name }) => name === 'InReceives');
    expect(typeof value?.value).toBe('bigint');
  });
});
