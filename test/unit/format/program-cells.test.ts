import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Programs } from '../../../src/format/listing.ts';
import { programLabel } from '../../../src/format/netstat-quirks.ts';
import { ProgramCells } from '../../../src/format/program-cells.ts';
import { gathered } from './gathered.ts';
import { type Names, ownersOf, processesOf } from './owners.ts';

function label(pid: number, name: string | Uint8Array): string {
  const bytes = typeof name === 'string' ? new TextEncoder().encode(name) : name;
  return Buffer.from(programLabel(pid, bytes)).toString('latin1');
}

/** The column of each row. */
function columns(
  rows: readonly (readonly (number | string)[])[],
  names: Names,
  programs: Exclude<Programs, 'none'> = 'lowest',
): string[] {
  const owners = ownersOf(rows, names);
  return rows.map((_, row) => {
    const cells = new ProgramCells(programs);
    return gathered((out) => cells.write(out, owners, row));
  });
}

describe('the label of a process', () => {
  it.each([
    [300, 'very-long-program-name-here', '300/very-long-progr'],
    [4000, 'sshd: root@pts', '4000/sshd: root@pts'],
    [4_194_304, 'x y', '4194304/x y'],
    [20, 'node', '20/node'],
    [70, './a/b/c', '70/./a/b/c'],
    [600_000, '', '600000/'],
    [4_294_967_295, 'abcdefgh', '4294967295/abcdefgh'],
    [1, '-bash', '1/-bash'],
    [12, '(sd-pam)', '12/(sd-pam)'],
  ])('%i %s', (pid, name, expected) => {
    expect(label(pid, name)).toBe(expected);
  });

  it('has control bytes escaped, before it is cut', () => {
    expect(label(71, '\u001b[31mred')).toBe('71/\\x1b[31mred');
    expect(label(71, 'a\nb\tc\u007f')).toBe('71/a\\x0ab\\x09c\\x7f');
    expect(label(71, '\u001b'.repeat(9))).toBe('71/\\x1b\\x1b\\x1b\\x1b');
    expect(label(712, '\n'.repeat(9))).toBe('712/\\x0a\\x0a\\x0a\\x0'.slice(0, 19));
  });

  it('has other bytes as they are, characters cut in the middle too', () => {
    expect(label(20, 'aaaaaaaaaaaaaaa\u00fcb')).toBe('20/aaaaaaaaaaaaaaa\u00c3');
    expect(label(5, Uint8Array.of(0x80, 0xff, 0x9b, 0x20))).toBe('5/\x80\xff\x9b ');
  });

  it('is never longer than 19 bytes, and never holds a control byte', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff_ffff }), fc.uint8Array({ maxLength: 40 }), (pid, name) => {
        const bytes = programLabel(pid, name);
        expect(bytes.length).toBeLessThanOrEqual(19);
        expect([...bytes].filter((byte) => byte < 0x20 || byte === 0x7f)).toEqual([]);
        expect(Buffer.from(bytes).toString('latin1').startsWith(`${pid}/`)).toBe(true);
      }),
    );
  });
});

describe('ProgramCells', () => {
  it('names the lowest pid, padded to 20 bytes behind a blank', () => {
    const names = { 7: 'seven', 300: 'very-long-program-name-here' };
    expect(columns([[7, 300], [300], []], names)).toEqual([
      ' 7/seven             ',
      ' 300/very-long-progr ',
      ' -                   ',
    ]);
  });

  it('names the lowest process that was still there when its name was read', () => {
    expect(columns([[7, 300], [7]], { 300: 'later' })).toEqual([
      ' 300/later           ',
      ' -                   ',
    ]);
    expect(columns([[7, 300], [7]], { 300: 'later' }, 'all')).toEqual([
      ' 300/later           ',
      ' -                   ',
    ]);
  });

  it('shows a minus where owners are not known at all', () => {
    for (const programs of ['lowest', 'all'] as const) {
      const cells = new ProgramCells(programs);
      expect(gathered((out) => cells.write(out, undefined, 0))).toBe(' -                   ');
    }
  });

  it('names every process once with "all", uncut', () => {
    const names = { 1: 'systemd', 7: 'a-name-that-takes-more-than-is-there', 300: 'c' };
    expect(columns([['1 3', '1 9', '7 3', '300 1', '300 2'], ['300 4'], []], names, 'all')).toEqual([
      ' 1/systemd,7/a-name-that-takes,300/c',
      ' 300/c               ',
      ' -                   ',
    ]);
  });

  it('writes a list that is longer than the array', () => {
    const pids = Array.from({ length: 500 }, (_, index) => index + 1);
    const owners = ownersOf([pids], Object.fromEntries(pids.map((pid) => [pid, 'worker'])));
    const text = gathered((out) => new ProgramCells('all').write(out, owners, 0), 64);
    expect(text).toBe(` ${pids.map((pid) => `${pid}/worker`).join(',')}`);
  });

  it('asks for each process once, however many there are and in whatever order', () => {
    const name = fc.string({ unit: fc.constantFrom('a', '/', ' ', '-'), maxLength: 30 });
    const processes = fc.dictionary(fc.nat({ max: 4_194_304 }).map(String), name, {
      minKeys: 1,
      maxKeys: 200,
    });
    fc.assert(
      fc.property(processes, fc.infiniteStream(fc.nat()), (names, picks) => {
        const pids = Object.keys(names).map(Number);
        const rows = Array.from({ length: 400 }, () => [pids[picks.next().value! % pids.length]!]);
        const asked: number[] = [];
        const known = processesOf(names);
        const get = (pid: number) => {
          asked.push(pid);
          return known.get(pid);
        };
        const owners = { ...ownersOf(rows, {}), processes: { get } as unknown as typeof known };
        const cells = new ProgramCells('lowest');
        const text = gathered((out) => {
          for (const row of rows.keys()) cells.write(out, owners, row);
        }, 100);
        const expected = rows.map(([pid]) => ` ${`${pid}/${names[pid!]}`.slice(0, 19).padEnd(20)}`);
        expect(text).toBe(expected.join(''));
        expect(asked).toHaveLength(new Set(rows.flat()).size);
      }),
      { numRuns: 30 },
    );
  });
});
