import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTable } from '../../../src/source/open-table.ts';
import { PageReader } from '../../../src/source/page-reader.ts';

const root = mkdtempSync(join(tmpdir(), 'sockscope-pages-'));
const fifo = join(root, 'pages');
execFileSync('mkfifo', [fifo]);
afterAll(() => rmSync(root, { recursive: true }));

/** A pipe gives a read what was written, however little: as the kernel gives pages. */
let fd: number;
beforeEach(() => {
  fd = openSync(fifo, 'r+');
});
afterEach(() => closeSync(fd));

/** What a reader has after a page of each of these sizes, and whether it takes the last one for the end. */
function afterPages(isOfProcFs: boolean, sizes: number[]): { length: number; ended: boolean } {
  const reader = new PageReader(fd, isOfProcFs);
  for (const size of sizes) {
    writeSync(fd, Buffer.alloc(size));
    reader.fill(0);
  }
  return { length: reader.length, ended: reader.ended };
}

describe('a page with room for another row', () => {
  it('is the last one where the kernel prints it', () => {
    expect(afterPages(true, [4050, 145])).toEqual({ length: 4195, ended: true });
    expect(afterPages(true, [4050, 3584])).toEqual({ length: 7634, ended: true });
  });

  it('is not the last one of a file', () => {
    expect(afterPages(false, [4050, 145])).toEqual({ length: 4195, ended: false });
  });
});

describe('a full page', () => {
  it('may have another behind it', () => {
    expect(afterPages(true, [4050])).toEqual({ length: 4050, ended: false });
    expect(afterPages(true, [3585])).toEqual({ length: 3585, ended: false });
  });

  it('may be cut by the room that is left for it', () => {
    const sizes = [...new Array<number>(14).fill(4096), 4090];
    const reader = new PageReader(fd, true);
    for (const size of sizes) {
      writeSync(fd, Buffer.alloc(size));
      reader.fill(0);
    }
    reader.drop(reader.length - (65_536 - 4096));
    expect(reader.hasRoom).toBe(true);
    writeSync(fd, Buffer.alloc(4096));
    reader.fill(0);
    expect(reader).toMatchObject({ length: 65_536, ended: false });
  });
});

/** Bytes that a read gives of a table when its reader has taken it for ended. */
async function bytesBehindEnd(path: string): Promise<number> {
  const table = openTable(path, false)!;
  try {
    expect(table.isOfProcFs).toBe(true);
    const { reader } = table;
    while (!reader.ended) {
      reader.drop(reader.length);
      reader.fill();
    }
    return readFileSync(table.fd).length;
  } finally {
    await table.close();
  }
}

describe('a table', () => {
  it.each(['tcp', 'udp', 'raw', 'unix'])('of the kernel is read to its end: %s', async (name) => {
    // A socket that was made meanwhile may stand there.
    await expect.poll(() => bytesBehindEnd(`/proc/net/${name}`)).toBe(0);
  });

  it('in a folder of files is not the kernel’s', async () => {
    const table = openTable(fileURLToPath(import.meta.url), false)!;
    expect(table.isOfProcFs).toBe(false);
    await table.close();
  });
});
