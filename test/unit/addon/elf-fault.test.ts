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
  readonly programHeaders?: bigint;
  readonly bytes?: number;
  readonly identity?: readonly number[];
}

/** An ELF file of headers alone, filled up with zeros. */
function write({ machine = 62, segments = [], programHeaders = 64n, bytes = 4096, identity }: Header): void {
  const head = Buffer.alloc(64 + segments.length * 56);
  head.set(identity ?? [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head.writeUInt16LE(machine, 18);
  head.writeBigUInt64LE(programHeaders, 32);
  head.writeUInt16LE(segments.length, 56);
  for (const [i, { type, offset, bytes: length }] of segments.entries()) {
    head.writeUInt32LE(type, 64 + i * 56);
    head.writeBigUInt64LE(offset, 64 + i * 56 + 8);
    head.writeBigUInt64LE(length, 64 + i * 56 + 32);
  }
  writeFileSync(file, Buffer.concat([head, Buffer.alloc(10_000)]).subarray(0, bytes));
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
    expect(elfFault(file, 'x64')).toBeUndefined();
    write({ segments: [{ type: 1, offset: most, bytes: most }] });
    expect(elfFault(file, 'x64')).toBe(`the file was cut short: it has 4096 of ${most * 2n} bytes and more`);
    write({ segments: [LOADED], bytes: 100 });
    expect(elfFault(file, 'x64')).toBeUndefined();
  });

  it('gives the error of a file that cannot be read', () => {
    expect(() => elfFault(join(folder, 'nowhere'))).toThrow('ENOENT');
    expect(() => elfFault(folder)).toThrow('EISDIR');
    expect(readFileSync(file)).toHaveLength(100);
  });
});
