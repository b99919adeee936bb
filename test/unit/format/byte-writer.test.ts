import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/format/byte-writer.ts';
import { gathered } from './gathered.ts';

const step = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 30 }).map((text) => ({
    text,
    write: (out: ByteWriter) => out.ascii(text),
  })),
  fc.nat({ max: 30 }).map((count) => ({
    text: ' '.repeat(count),
    write: (out: ByteWriter) => out.blanks(count),
  })),
  fc.maxSafeNat().map((n) => ({ text: String(n), write: (out: ByteWriter) => out.decimal(n) })),
  fc.tuple(fc.maxSafeNat(), fc.nat({ max: 20 })).map(([n, width]) => ({
    text: String(n).padEnd(width),
    write: (out: ByteWriter) => out.decimalLeft(n, width),
  })),
  fc.tuple(fc.maxSafeNat(), fc.nat({ max: 20 })).map(([n, width]) => ({
    text: String(n).padStart(width),
    write: (out: ByteWriter) => out.decimalRight(n, width),
  })),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => ({
    text: Buffer.from(bytes).toString('latin1'),
    write: (out: ByteWriter) => out.bytes(bytes),
  })),
  fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.nat({ max: 30 })).map(([bytes, width]) => ({
    text: Buffer.from(bytes).toString('latin1').padEnd(width),
    write: (out: ByteWriter) => out.bytesLeft(bytes, width),
  })),
);

describe('ByteWriter', () => {
  it('hands over what was written, in order, however small its array is', () => {
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 32, max: 300 }), (steps, capacity) => {
        const text = gathered((out) => {
          for (const { write } of steps) write(out);
        }, capacity);
        expect(text).toBe(steps.map((one) => one.text).join(''));
      }),
    );
  });

  it('keeps blanks behind what was written, after a flush too, and after a flush that failed', () => {
    let fails = true;
    const out = new ByteWriter(() => {
      if (fails) throw new Error('nobody reads');
    }, 64);
    out.ascii('x'.repeat(60));
    expect(() => out.flush()).toThrow('nobody reads');
    expect(out.length).toBe(0);
    expect(out.buffer.every((byte) => byte === 0x20)).toBe(true);
    fails = false;
    out.decimal(12_345);
    out.flush();
    expect(out.buffer.every((byte) => byte === 0x20)).toBe(true);
  });

  it('hands over bytes that do not fit without a copy, behind what waited', () => {
    const seen: Uint8Array[] = [];
    const out = new ByteWriter((bytes) => seen.push(bytes), 32);
    const large = new Uint8Array(100).fill(0x61);
    out.ascii('first');
    out.bytes(large, 10, 90);
    expect(seen.map((bytes) => bytes.length)).toEqual([5, 80]);
    expect(seen[1]!.buffer).toBe(large.buffer);
  });

  it('refuses to make more room than it has', () => {
    const out = new ByteWriter(() => {}, 32);
    expect(() => out.reserve(33)).toThrow(new RangeError('33 bytes do not fit into 32'));
  });

  it('does not flush when nothing has gathered', () => {
    let flushes = 0;
    const out = new ByteWriter(() => flushes++);
    out.flush();
    expect(flushes).toBe(0);
  });
});
