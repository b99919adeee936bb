import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ProcRoot } from '../../../src/proc/proc-root.ts';

const roots: string[] = [];
function tree(...directories: string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'sockscope-root-'));
  roots.push(root);
  for (const directory of directories) mkdirSync(join(root, directory), { recursive: true });
  return root;
}
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

describe('a /proc root', () => {
  it('is /proc unless told otherwise, and then this process is in its namespace', () => {
    for (const root of [new ProcRoot(), new ProcRoot('/proc/'), new ProcRoot('/sys/../proc')]) {
      expect(root.path).toBe('/proc');
      expect(root.netDirectory()).toBe('/proc/net');
      expect(root.showsOwnNamespace()).toBe('yes');
    }
  });

  it('of a host has its tables under process 1', () => {
    const path = tree('1/net', 'net');
    expect(new ProcRoot(path).netDirectory()).toBe(`${path}/1/net`);
  });

  it('without process 1 has them at its top', () => {
    const path = tree('net');
    expect(new ProcRoot(path).netDirectory()).toBe(`${path}/net`);
    expect(new ProcRoot(path).showsOwnNamespace()).toBe('unknown');
  });

  it('knows its namespace by what the link of process 1 leads to', () => {
    const own = tree('1/ns');
    symlinkSync('/proc/self/ns/net', join(own, '1/ns/net'));
    expect(new ProcRoot(own).showsOwnNamespace()).toBe('yes');
    const other = tree('1/ns/net');
    expect(new ProcRoot(other).showsOwnNamespace()).toBe('no');
  });
});
