import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elfFault } from '../../../src/addon/elf-fault.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-elf-'));
  file = join(folder, 'made-up.node');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Segment {
  readonly type: number;
  readonly offset: bigint;
  readonly bytes: bigint;
}

interface Header {
  readonly machine?: number;
  readonly segments?: readonly Segment[];
  /** Where they begin: behind the header by default. */
  readonly programHeaders?: bigint;
  readonly programHeaderBytes?: number;
  readonly bytes?: number;
  readonly identity?: readonly number[];
}

/** An ELF file of headers alone, with zeros between and behind them. */
function write({ machine = 62, segments = [], bytes = 4096, identity, ...where }: Header): void {
  const { programHeaders = 64n, programHeaderBytes = 56 } = where;
  const content = Buffer.alloc(20_000);
  content.set(identity ?? [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  content.writeUInt16LE(machine, 18);
  content.writeBigUInt64LE(programHeaders, 32);
  content.writeUInt16LE(programHeaderBytes, 54);
  content.writeUInt16LE(segments.length, 56);
  for (const [i, { type, offset, bytes: length }] of segments.entries()) {
    const at = Number(programHeaders) + i * 56;
    if (at + 56 > content.length) break;
    content.writeUInt32LE(type, at);
    content.writeBigUInt64LE(offset, at + 8);
    content.writeBigUInt64LE(length, at + 32);
  }
  writeFileSync(file, content.subarray(0, bytes));
}

const LOADED = { type: 1, offset: 1000n, bytes: 2000n };

describe('elfFault', () => {
  it('finds none in a file that holds all of its segments', () => {
    write({ segments: [{ type: 1, offset: 0n, bytes: 500n }, LOADED], bytes: 3000 });
    expect(elfFault(file, 'x64')).toBeUndefined();
    expect(elfFault(process.execPath)).toBeUndefined();
  });

  it('finds the file cut short, whichever segment it is', () => {
    write({ segments: [LOADED, { type: 1, offset: 0n, bytes: 500n }], bytes: 2999 });
    expect(elfFault(file, 'x64')).toBe('the file was cut short: it has 2999 of 3000 bytes and more');
  });

  it('finds it when the program headers lie far behind the header, or are cut off themselves', () => {
    const segments = [LOADED, { type: 1, offset: 0n, bytes: 15_000n }];
    write({ segments, programHeaders: 12_000n, bytes: 14_999 });
    expect(elfFault(file, 'x64')).toBe('the file was cut short: it has 14999 of 15000 bytes and more');
    write({ segments, programHeaders: 12_000n, bytes: 15_000 });
    expect(elfFault(file, 'x64')).toBeUndefined();
    write({ segments, programHeaders: 12_000n, bytes: 12_100 });
    expect(elfFault(file, 'x64')).toBe('the file was cut short: it has 12100 of 12112 bytes and more');
  });

  it('finds program headers of a size that nobody knows', () => {
    write({ segments: [LOADED], programHeaderBytes: 32 });
    expect(elfFault(file, 'x64')).toBe('its program headers have 32 bytes, not 56');
  });

  it('does not ask for what is not mapped', () => {
    write({ segments: [{ ...LOADED, type: 0x6474e551, offset: 1n << 40n }] });
    expect(elfFault(file, 'x64')).toBeUndefined();
  });

  it('names the machine', () => {
    write({ machine: 183 });
    expect(elfFault(file, 'x64')).toBe('it is for arm64, this Node.js for x64');
    expect(elfFault(file, 'arm64')).toBeUndefined();
    write({ machine: 40 });
    expect(elfFault(file, 'x64')).toBe('it is for machine 40 of ELF, this Node.js for x64');
    expect(elfFault(file, 'riscv64')).toBeUndefined();
  });

  it('leaves to the dynamic linker what is no ELF file, or one of another kind', () => {
    for (const text of ['', 'module.exports = {}', '\x7fELF']) {
      writeFileSync(file, text);
      expect(elfFault(file, 'x64')).toBeUndefined();
    }
    write({ machine: 3, identity: [0x7f, 0x45, 0x4c, 0x46, 1, 1, 1] });
    expect(elfFault(file, 'x64')).toBeUndefined();
  });

  it('takes no harm from numbers that lead nowhere', () => {
    const most = (1n << 64n) - 1n;
    write({ segments: [LOADED], programHeaders: most });
    expect(elfFault(file, 'x64')).toBe(`the file was cut short: it has 4096 of ${most + 56n} bytes and more`);
    write({ segments: [{ type: 1, offset: most, bytes: most }] });
    expect(elfFault(file, 'x64')).toBe(`the file was cut short: it has 4096 of ${most * 2n} bytes and more`);
    write({ segments: [LOADED], bytes: 100 });
    expect(elfFault(file, 'x64')).toBe('the file was cut short: it has 100 of 120 bytes and more');
  });

  it('gives the error of a file that cannot be read', () => {
    expect(() => elfFault(join(folder, 'nowhere'))).toThrow('ENOENT');
    expect(readFileSync(file)).toHaveLength(100);
  });
});
