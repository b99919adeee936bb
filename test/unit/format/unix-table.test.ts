import { describe, expect, it } from 'vitest';
import type { Programs, Which } from '../../../src/format/listing.ts';
import { UnixTable } from '../../../src/format/unix-table.ts';
import { State } from '../../../src/socket/state.ts';
import { batchOf, type Row } from './batches.ts';
import { gathered } from './gathered.ts';
import { ownersOf } from './owners.ts';

const LISTENER: Row = { state: State.listen, unixType: 1, unixFlags: 0x10000, unixRefs: 2, inode: 101 };

function lines(rows: readonly Row[], which: Which = 'all'): string[] {
  return gathered((out) => new UnixTable(out, { which, programs: 'none' }).batch(batchOf(rows)), 1024)
    .split('\n')
    .slice(0, -1);
}

function pathCell(path: Row['path']): string {
  return lines([{ ...LISTENER, path: path! }])[0]!.slice(59);
}

describe('UnixTable', () => {
  it('writes listeners, the connected and the unbound', () => {
    expect(
      lines([
        { ...LISTENER, path: '/run/a.sock' },
        { state: State.established, unixType: 1, unixRefs: 3, inode: 103 },
        { state: State.close, unixType: 2, unixRefs: 300, inode: 105, path: '/run/dgram' },
        { state: State['syn-sent'], unixType: 1, unixRefs: 3, path: '/tmp/u.sock' },
      ]),
    ).toEqual([
      'unix  2      [ ACC ]     STREAM     LISTENING     101      /run/a.sock',
      'unix  3      [ ]         STREAM     CONNECTED     103      ',
      'unix  300    [ ]         DGRAM                    105      /run/dgram',
      'unix  3      [ ]         STREAM     CONNECTING    0        /tmp/u.sock',
    ]);
  });

  it('tells listeners from the rest', () => {
    const rows = [
      LISTENER,
      { ...LISTENER, state: State.close, inode: 1 },
      { ...LISTENER, state: 0, inode: 2 },
    ];
    const inodes = (which: Which): string[] => lines(rows, which).map((line) => line.slice(49).trim());
    expect(inodes('listening')).toEqual(['101']);
    expect(inodes('connected')).toEqual(['1', '2']);
  });

  it('has the three headings', () => {
    const heading = (which: Which, programs: Programs = 'none'): string =>
      gathered((out) => new UnixTable(out, { which, programs }).heading());
    const columns = 'Proto RefCnt Flags       Type       State         I-Node   Path\n';
    expect(heading('connected')).toBe(`Active UNIX domain sockets (w/o servers)\n${columns}`);
    expect(heading('listening')).toBe(`Active UNIX domain sockets (only servers)\n${columns}`);
    expect(heading('all')).toBe(`Active UNIX domain sockets (servers and established)\n${columns}`);
    expect(heading('all', 'lowest').split('\n')[1]).toBe(
      'Proto RefCnt Flags       Type       State         I-Node   PID/Program name     Path',
    );
  });

  it('writes the program between inode and path', () => {
    const owners = ownersOf([['20 3', '30 4'], []], { 20: 'dbus-daemon', 30: 'x' });
    const rows = [
      { ...LISTENER, path: '/run/a.sock' },
      { state: State.established, unixType: 1, unixRefs: 3, inode: 103 },
    ];
    const text = (programs: Programs): string[] =>
      gathered((out) =>
        new UnixTable(out, { which: 'all', programs }).batch(batchOf(rows).withOwners(owners)),
      ).split('\n');
    expect(text('lowest')).toEqual([
      'unix  2      [ ACC ]     STREAM     LISTENING     101      20/dbus-daemon       /run/a.sock',
      'unix  3      [ ]         STREAM     CONNECTED     103      -                    ',
      '',
    ]);
    expect(text('all')[0]).toMatch(/ 101 {6}20\/dbus-daemon,30\/x {2}\/run\/a\.sock$/);
  });

  it('escapes control bytes, keeps blanks and other bytes, and shows NUL as @', () => {
    expect(pathCell('/tmp/a b  c')).toBe('/tmp/a b  c');
    expect(pathCell('\0abstract\0name')).toBe('@abstract@name');
    expect(pathCell('/tmp/\u001b[31m\n\t\u007f')).toBe('/tmp/\\x1b[31m\\x0a\\x09\\x7f');
    expect(pathCell('C:\\x1b')).toBe('C:\\x1b');
    expect(pathCell(Uint8Array.of(0x2f, 0x80, 0xff, 0xc3, 0xbc))).toBe('/\x80\xff\xc3\xbc');
  });

  it('writes a path that is longer than its buffer', () => {
    expect(pathCell('\n'.repeat(5000))).toBe('\\x0a'.repeat(5000));
  });

  it('shows types and flags that have no word or letter', () => {
    const [row] = lines([{ ...LISTENER, unixType: 10, unixFlags: 0x70001 }]);
    expect(row).toMatch(/^unix {2}2 {6}\[ ACC W N ] UNKNOWN {4}LISTENING /);
  });
});
