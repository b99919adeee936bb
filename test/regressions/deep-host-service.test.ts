import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDON } from '../leak/scene.ts';
import { requirement } from '../requirements.ts';

/** Answers as a service of the system would that keeps a megabyte on its stack. */
const SERVICE = `
#define _GNU_SOURCE
#include <netdb.h>
#include <string.h>
int gethostbyaddr_r(const void* address, socklen_t length, int family, struct hostent* entry, char* buffer, size_t room,
                    struct hostent** found, int* reason) {
  volatile char deep[1 << 20];
  for (size_t at = 0; at < sizeof(deep); at += 1024) deep[at] = 'd';
  (void)address, (void)length, (void)family, (void)reason;
  strncpy(buffer, deep[1024] == 'd' ? "deep" : "", room);
  memset(entry, 0, sizeof(*entry));
  entry->h_name = buffer;
  *found = entry;
  return 0;
}`;

const ASK = `
const lookup = require(process.argv[1]).openHostLookup(1, () => {
  console.log(lookup.take().names[0]);
  clearTimeout(patience);
});
const patience = setTimeout(() => {}, 10_000);
lookup.ask(Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1]));
`;

const missing = requirement('addon') ?? requirement('compiler');

describe.skipIf(missing !== undefined)(`a deep service of hosts ${missing ?? ''}`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-deep-'));
    writeFileSync(join(folder, 'deep.c'), SERVICE);
    execFileSync('cc', ['-shared', '-fPIC', '-o', join(folder, 'deep.so'), join(folder, 'deep.c')]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['8192', 'unlimited', '2048'])('finds room on its thread: ulimit -s %s', (limit) => {
    const script = `ulimit -s ${limit}; LD_PRELOAD=${folder}/deep.so exec "$@"`;
    const asking = spawnSync('sh', ['-c', script, 'sh', process.execPath, '-e', ASK, ADDON], {
      encoding: 'utf8',
    });
    expect(asking).toMatchObject({ status: 0, signal: null, stdout: 'deep\n' });
  });
});
