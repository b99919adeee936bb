import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linesOfDatabase } from '../../../src/names/database-lines.ts';
import { networkLookup, parseNetworks } from '../../../src/names/networks.ts';

const parsed = (text: string): Map<number, string> => parseNetworks(linesOfDatabase(text));

/** What `getent networks` of glibc 2.36 printed for each line. */
const LINES: readonly (readonly [string, string, string])[] = [
  ['loopback 127', 'loopback', '127.0.0.0'],
  ['link-local 169.254.0.0 ll', 'link-local', '169.254.0.0'],
  ['three 10.1.2', 'three', '10.1.2.0'],
  ['four 10.1.2.3', 'four', '10.1.2.3'],
  ['octal 012.7', 'octal', '10.7.0.0'],
  ['hexadecimal 0x0b', 'hexadecimal', '11.0.0.0'],
  ['x x20', 'x', '32.0.0.0'],
  ['mixed 021.0x1', 'mixed', '17.1.0.0'],
  ['wrapped 4294967318', 'wrapped', '22.0.0.0'],
  ['zero 0', 'zero', '0.0.0.0'],
  ['   indented   13.0.0.0', 'indented', '13.0.0.0'],
  ['tab\t14', 'tab', '14.0.0.0'],
  ['vertical\v1.2.6', 'vertical', '1.2.6.0'],
  ['carriage 18.0.0.0\r', 'carriage', '18.0.0.0'],
  ['comment 1.2.10#x', 'comment', '1.2.10.0'],
  ['r\u00e9 1.2.9', 'r\u00e9', '1.2.9.0'],
  ['nul 1.2.13\0l 1.2.14', 'nul', '1.2.13.0'],
  ['alone', 'alone', '255.255.255.255'],
  ['cut#j 1.2.12', 'cut', '255.255.255.255'],
  ['cut\0 1.2.15', 'cut', '255.255.255.255'],
  ['word 15.x', 'word', '255.255.255.255'],
  ['large 256.1', 'large', '255.255.255.255'],
  ['long 1.2.3.4.5', 'long', '255.255.255.255'],
  ['dot 16.', 'dot', '255.255.255.255'],
  ['dots 17..1', 'dots', '255.255.255.255'],
  ['number 3232235520', 'number', '255.255.255.255'],
  ['eight 08', 'eight', '255.255.255.255'],
  ['prefix 0x', 'prefix', '255.255.255.255'],
  ['tail 0xfx', 'tail', '255.255.255.255'],
  ['tail 25.0.0.0abc', 'tail', '255.255.255.255'],
];

const numberOf = (quad: string): number => quad.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

describe('networks', () => {
  it.each(LINES)('%j', (line, name, quad) => {
    expect([...parsed(`${line}\n`)]).toEqual([[numberOf(quad), name]]);
  });

  it.each(['', '# comment', '   # comment', '\0n 1.2.16', ' \t\r'])('no network is in %j', (line) => {
    expect(parsed(line).size).toBe(0);
  });

  it('the first of several lines wins; the last may lack its end', () => {
    expect([...parsed('one 11.0.0.0 alias\ntwo 11\nthree 12')]).toEqual([
      [0x0b00_0000, 'one'],
      [0x0c00_0000, 'three'],
    ]);
  });

  it('a line that lacks its end has some of its bytes twice, as many as there are blanks in front', () => {
    expect([...parsed('  abc 10')]).toEqual([[0xffff_ffff, 'abc']]);
    expect([...parsed('   abc 10.1')]).toEqual([[0x0a0a_0100, 'abc']]);
  });

  it('are looked up in a file, which is read at the first question', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sockscope-networks-'));
    try {
      const lookup = networkLookup(join(folder, 'networks'));
      writeFileSync(join(folder, 'networks'), Buffer.from('r\u00e9 10\n', 'latin1'));
      expect(lookup(0x0a00_0000)).toBe('r\u00e9');
      writeFileSync(join(folder, 'networks'), '');
      expect([lookup(0x0a00_0000), lookup(0x0b00_0000)]).toEqual(['r\u00e9', undefined]);
      expect(networkLookup(join(folder, 'none'))(0x0a00_0000)).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
