import { describe, expect, it } from 'vitest';
import { ABSENT, ABSENT_PROBES } from '../../../src/table/schema.ts';
import { everythingOf, type PlainRow, parsePieces, rowsOf } from '../../fuzz/tables.ts';

const heading = 'Num       RefCount Protocol Flags    Type St Inode Path\n';
const everything = everythingOf('unix');

function parse(text: string, states = 0xfff): { rows: PlainRow[]; malformed: number } {
  const { batches, tally } = parsePieces({ ...everything, states }, [Buffer.from(heading + text, 'latin1')]);
  return { rows: rowsOf(batches), malformed: tally.malformed };
}

const row = (tail: string, flags = '00000000', state = '03') =>
  `000000003e8d36d5: 00000003 00000000 ${flags} 0001 ${state} ${tail}\n`;
const paths = (text: string) => parse(text).rows.map(({ path }) => path);

describe('a row of /proc/net/unix', () => {
  it('is read into its columns; the others hold what means absent', () => {
    expect(parse(row('12034 /run/a.sock', '00010000', '01')).rows).toEqual([
      expect.objectContaining({
        protocol: 10,
        family: 1,
        state: 10,
        inode: 12_034,
        path: '/run/a.sock',
        unixType: 1,
        unixRefs: 3,
        unixFlags: 0x10000,
        unixPeer: 0,
        recvQ: ABSENT,
        sendQ: ABSENT,
        uid: ABSENT,
        probes: ABSENT_PROBES,
        localPort: 0,
      }),
    ]);
  });

  it.each([
    ['00', '00000000', 0],
    ['01', '00000000', 7],
    ['01', '00010000', 10],
    ['02', '00000000', 2],
    ['03', '00000000', 1],
    ['03', '00010000', 1],
    ['04', '00000000', 11],
    ['05', '00000000', 133],
    ['FF', '00000000', 255],
  ])('has the state of St %s, Flags %s: %i', (state, flags, expected) => {
    expect(parse(row('7', flags, state)).rows[0]).toMatchObject({ state: expected });
  });

  it('is picked by state; one without a name comes only with all of them', () => {
    const text = row('1', '00010000', '01') + row('2') + row('3', '00000000', '05');
    const inodes = (states: number) => parse(text, states).rows.map(({ inode }) => inode);
    expect(inodes(1 << 10)).toEqual([1]);
    expect(inodes(1 << 1)).toEqual([2]);
    expect(inodes(0xfff)).toEqual([1, 2, 3]);
  });

  it('keeps every byte of the path', () => {
    expect(paths(row('1 /a b  c ') + row('2  lead') + row('3 \xff\x01\t') + row('4') + row('5 '))).toEqual([
      '/a b  c ',
      ' lead',
      '\xff\x01\t',
      '',
      '',
    ]);
  });

  it('has an abstract name where the path begins with @', () => {
    expect(paths(row('1 @abc@d') + row('2 @') + row('3 a@b'))).toEqual(['\0abc@d', '\0', 'a@b']);
  });

  it('may lack its inode, and the hexadecimal pointer of the kernel', () => {
    const text = '0: 2 0 0 1 01\n(____ptrval____): 00000002 00000000 00000000 0002 01    77 /x\n';
    expect(parse(text)).toMatchObject({
      rows: [
        { inode: 0, path: '' },
        { inode: 77, path: '/x' },
      ],
      malformed: 0,
    });
  });

  it.each([
    ['empty', ''],
    ['words', 'b c'],
    ['no colon', '000000003e8d36d5 00000003 00000000 00000000 0001 03 7'],
    ['a field too few', '000000003e8d36d5: 00000003 00000000 00000000 0001'],
    ['an inode that is none', '000000003e8d36d5: 00000003 00000000 00000000 0001 03 7x /a'],
    ['no inode but a path', '000000003e8d36d5: 00000003 00000000 00000000 0001 03 /a'],
    ['a path too long', row(`9 ${'x'.repeat(8192)}`).trimEnd()],
  ])('that cannot be understood is counted and left out: %s', (_, line) => {
    expect(parse(`${row('1')}${line}\n${row('2')}`)).toMatchObject({
      rows: [{ inode: 1 }, { inode: 2 }],
      malformed: 1,
    });
  });
});

describe('a newline in a path', () => {
  it('is put back: what is no row belongs to the row before', () => {
    expect(parse(`${row('1 /a\nb c\n\n d')}${row('2 @x\n')}${row('3 /z')}`)).toMatchObject({
      rows: [{ path: '/a\nb c\n\n d' }, { path: '\0x\n' }, { path: '/z' }],
      malformed: 0,
    });
  });

  it('is put back at the end of the table and of a batch', () => {
    expect(paths(`${row('1 /a')}b`)).toEqual(['/a\nb']);
  });

  it('makes no longer name than the kernel allows', () => {
    const path = `/${'x'.repeat(99)}`;
    expect(paths(`${row(`1 ${path}`)}${'y'.repeat(7)}\n`)).toEqual([`${path}\n${'y'.repeat(7)}`]);
    const tooLong = parse(`${row(`1 ${path}`)}${'y'.repeat(8)}\nrest\n${row('2')}`);
    expect(tooLong).toMatchObject({ rows: [{ path }, { inode: 2 }], malformed: 2 });
  });

  it('is not supposed where the line begins as rows do', () => {
    const broken = '000000003e8d36d5: 00000003 00000000 zzz';
    expect(parse(`${row('1 /a')}${broken}\n`)).toMatchObject({ rows: [{ path: '/a' }], malformed: 1 });
  });

  it('of a row that was not asked for is no damage', () => {
    const text = `${row('1 /listening', '00010000', '01')}${row('2 /a\nb')}${row('3 /c', '00010000', '01')}`;
    expect(parse(text, 1 << 10)).toMatchObject({
      rows: [{ path: '/listening' }, { path: '/c' }],
      malformed: 0,
    });
  });
});
