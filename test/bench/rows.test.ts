import { expect, test } from 'vitest';
import {
  linesCounted,
  rowsOfColumns,
  rowsOfCounts,
  rowsOfIpRoute,
  rowsOfLsof,
  rowsOfNetstatUnix,
  rowsOfProcfs,
  rowsOfProcfsUnix,
  rowsOfRoutes,
  rowsOfSsUnix,
  rowsOfSsUsers,
  rowsWithPid,
} from '../../bench/subjects/rows.ts';

const listener = '127.1.0.1:2000 0.0.0.0:*';

test('a listener reads the same from everybody', () => {
  const netstat =
    'tcp        0      0 127.1.0.1:2000          0.0.0.0:*               LISTEN      4711/server name';
  expect(rowsOfColumns(0)(`${netstat}\n`)).toEqual([listener]);
  expect(rowsOfColumns(0)('LISTEN 0      16     127.1.0.1:2000 0.0.0.0:*\n')).toEqual([listener]);
  expect(
    rowsOfProcfs('heading\n   0: 0100017F:07D0 00000000:0000 0A 00000000:00000000 00:00000000 00000000\n'),
  ).toEqual([listener]);
  expect(rowsWithPid(0)(`${netstat}\n`)).toEqual([`${listener} 4711`]);
  expect(
    rowsOfSsUsers('LISTEN 0 16 127.1.0.1:2000 0.0.0.0:* users:(("b",pid=4712,fd=3),("a",pid=4711,fd=3))\n'),
  ).toEqual([`${listener} 4711`]);
  expect(
    rowsOfLsof('COMMAND PID\nserver\\x20 4711 root 3u IPv4 99 0t0 TCP 127.1.0.1:2000 (LISTEN)\n'),
  ).toEqual([`${listener} 4711`]);
});

test('of a connection lsof tells a line a descriptor: the lowest pid is taken', () => {
  const line = (pid: number): string =>
    `a ${pid} root 3u IPv4 99 0t0 TCP 127.0.0.1:40000->127.1.0.1:8443 (ESTABLISHED)\n`;
  expect(rowsOfLsof(`heading\n${line(12)}${line(7)}`)).toEqual(['127.0.0.1:40000 127.1.0.1:8443 7']);
});

test('a unix socket reads as its inode, with a name or without, with a state or without', () => {
  const netstat = [
    'unix  3      [ ]         STREAM     CONNECTED     4711     @/run/service/000/00001.sock',
    'unix  2      [ ACC ]     STREAM     LISTENING     4712     /run/a b 99',
    'unix  2      [ ]         DGRAM                    4713     ',
  ];
  expect(rowsOfNetstatUnix(`one\ntwo\n${netstat.join('\n')}\n`)).toEqual(['4711', '4712', '4713']);
  expect(rowsOfSsUnix('u_str ESTAB 0      0        * 4711 * 4712\n')).toEqual(['4711']);
  expect(rowsOfSsUnix('u_str ESTAB 0 0 @/run/service/000/00001.sock 4712 * 4711\n')).toEqual(['4712']);
  expect(rowsOfProcfsUnix('heading\n0000000080143f22: 00000003 00000000 00000000 0001 03 4711 @a\n')).toEqual(
    ['4711'],
  );
});

test('counts of states and programs read the same in every spelling', () => {
  expect(rowsOfCounts('ESTAB nginx 40\nLISTEN nginx 2\n')).toEqual([
    'established nginx 40',
    'listen nginx 2',
  ]);
  expect(rowsOfCounts('ESTABLISHED nginx 40\nlisten nginx 2\n')).toEqual([
    'established nginx 40',
    'listen nginx 2',
  ]);
});

test('a route reads as its destination', () => {
  expect(rowsOfIpRoute('10.0.0.1 dev lo scope link\n')).toEqual(['10.0.0.1']);
  expect(rowsOfRoutes('title\nheading\n10.0.0.1        0.0.0.0         255.255.255.255 UH\n')).toEqual([
    '10.0.0.1',
  ]);
});

test('lines are counted behind the heading', () => {
  expect(linesCounted(2)('a\nb\nc\nd\n')).toBe(2);
});
