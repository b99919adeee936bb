import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputLost, openOutput, ReaderGone } from '../../src/cli/output.ts';

const { O_RDONLY, O_RDWR, O_WRONLY, O_NONBLOCK } = constants;
let folder: string;
let pipe: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-'));
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('openOutput', () => {
  it('writes all bytes to a pipe that does not block', async () => {
    const bytes = new Uint8Array(2_000_000).map((_, i) => i % 251);
    const kept = openSync(join(folder, 'kept'), 'w');
    const descriptor = openSync(pipe, O_RDWR | O_NONBLOCK);
    const cat = spawn('cat', [pipe], { stdio: ['ignore', kept, 'inherit'] });
    const ended = once(cat, 'close');
    // The pipe must not lose its only reader, this descriptor, before cat is there: cat's first bytes prove that it is.
    openOutput(descriptor).write(bytes);
    closeSync(descriptor);
    expect(await ended).toEqual([0, null]);
    closeSync(kept);
    expect(Buffer.compare(readFileSync(join(folder, 'kept')), bytes)).toBe(0);
  });

  it('tells that nobody reads', () => {
    const reader = openSync(pipe, O_RDONLY | O_NONBLOCK);
    const writer = openSync(pipe, O_WRONLY);
    closeSync(reader);
    expect(() => openOutput(writer).write(new Uint8Array(1))).toThrow(ReaderGone);
    closeSync(writer);
  });

  it('tells what a full device does not take', () => {
    const full = openSync('/dev/full', 'w');
    const lost = 'write to standard output: ENOSPC (make room there, or write elsewhere)';
    expect(() => openOutput(full).write(new Uint8Array(100_000))).toThrow(lost);
    expect(() => openOutput(full).write(new Uint8Array(1))).toThrow(OutputLost);
    closeSync(full);
    expect(() => openOutput(full).write(new Uint8Array(1))).toThrow('write to standard output: EBADF');
  });

  it('tells a screen from a file', () => {
    const device = openSync('/dev/null', 'w');
    expect(openOutput(device).isTerminal()).toBe(true);
    closeSync(device);
    const file = openSync(join(folder, 'file'), 'w');
    expect(openOutput(file).isTerminal()).toBe(false);
    closeSync(file);
    expect(openOutput(file).isTerminal()).toBe(false);
  });
});
