import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NativeHostLookup } from '../../../src/addon/native-binding.ts';
import type { AddressKey } from '../../../src/names/address-set.ts';
import { ownSockets } from '../../../src/names/own-sockets.ts';
import { type NameServers, PlainHosts } from '../../../src/names/plain-hosts.ts';
import { hostNameOf, reverseName } from '../../../src/names/reverse-name.ts';
import { SystemHosts } from '../../../src/names/system-hosts.ts';
import { keyOf } from './addresses.ts';

type Answered = (error: NodeJS.ErrnoException | null, names: string[]) => void;

/** Name servers whose answers the test gives. */
function fakeServers(table: Readonly<Record<string, readonly string[] | Error>>) {
  const asked: string[] = [];
  let cancelled = 0;
  const resolvePtr = (name: string, answered: Answered): void => {
    asked.push(name);
    const answer = table[name] ?? new Error('no such name');
    queueMicrotask(() => (answer instanceof Error ? answered(answer, []) : answered(null, [...answer])));
  };
  const servers = { resolvePtr, cancel: () => cancelled++ } as unknown as NameServers;
  return { servers, asked, cancelled: () => cancelled };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-hosts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DNS = {
  '2.0.0.10.in-addr.arpa': ['two.dns', 'another.dns'],
  '3.0.0.10.in-addr.arpa': ['-strange'],
  '4.0.0.10.in-addr.arpa': [],
} as const;

/** What is found of 10.0.0.1 to 10.0.0.4, and what name servers were asked for it. */
async function found(services: string): Promise<{ names: (string | undefined | null)[]; asked: string[] }> {
  const files = { hosts: join(folder, 'hosts'), services: join(folder, 'nsswitch.conf') };
  writeFileSync(files.hosts, '10.0.0.1 one.file\n10.0.0.2 two.file\n10.0.0.3 three.file\n');
  writeFileSync(files.services, services);
  const { servers, asked } = fakeServers(DNS);
  const names = new Map<AddressKey, string | undefined | null>();
  const keys = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map(keyOf);
  const told: AddressKey[] = [];
  const finder = new PlainHosts(
    (key, name) => {
      told.push(key);
      names.set(key, name);
    },
    files,
    servers,
  );
  finder.ask(keys);
  await expect.poll(() => told.length).toBe(4);
  return { names: keys.map((key) => names.get(key)), asked };
}

describe('plain hosts', () => {
  it('ask the file, and name servers for the rest', async () => {
    expect(await found('hosts: files dns\n')).toEqual({
      names: ['one.file', 'two.file', 'three.file', undefined],
      asked: ['4.0.0.10.in-addr.arpa'],
    });
  });

  it('ask the file for what name servers do not know', async () => {
    const { names, asked } = await found('hosts: dns files\n');
    expect(names).toEqual(['one.file', 'two.dns', 'three.file', undefined]);
    expect(asked).toHaveLength(4);
  });

  it('ask nobody behind a service that has the last word', async () => {
    expect(await found('hosts: files [NOTFOUND=return] dns\n')).toMatchObject({ asked: [] });
    expect((await found('hosts: dns [NOTFOUND=return] files\n')).names).toEqual([
      undefined,
      'two.dns',
      undefined,
      undefined,
    ]);
    expect(await found('hosts: mymachines\n')).toEqual({ names: new Array(4).fill(undefined), asked: [] });
  });

  it('let go of name servers, and live without files', () => {
    const { servers, cancelled } = fakeServers({});
    const files = { hosts: join(folder, 'no-hosts'), services: join(folder, 'no-services') };
    const finder = new PlainHosts(() => expect.unreachable(), files, servers);
    finder.close();
    expect(cancelled()).toBe(1);
  });
});

describe('what name servers are asked and answer', () => {
  it.each([
    ['10.1.2.30', '30.2.1.10.in-addr.arpa'],
    ['::ffff:10.1.2.30', '30.2.1.10.in-addr.arpa'],
    ['::10.1.2.30', 'e.1.2.0.1.0.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
    ['2001:db8::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
  ])('%s is %s', (address, name) => {
    expect(reverseName(keyOf(address))).toBe(name);
  });

  // As glibc 2.36 took them and left them: test/netstat/dns.test.ts asks it.
  it.each(['a_b.example', '_lead', 'trailing-.x', 'a.-b', 'UPPER.Example', '10.9.8.7'])(
    '%s is a name',
    (name) => {
      expect(hostNameOf(name)).toBe(name);
    },
  );

  it.each([
    '-dash',
    'sp ace',
    'sp\\032ace',
    'a\\.b',
    '*',
    'a/b',
    '\u00e9',
    'bell\u0007',
    'line\n',
    undefined,
  ])('%j is none', (name) => {
    expect(hostNameOf(name)).toBeUndefined();
  });

  it('the root is a dot', () => {
    expect(hostNameOf('')).toBe('.');
  });
});

describe('hosts of the system', () => {
  it('are asked for and told of in bytes', () => {
    const asked: number[][] = [];
    let wake: () => void = () => undefined;
    let closed = 0;
    const lookup: NativeHostLookup = {
      ask: (addresses) => asked.push([...addresses]),
      take: () => ({ addresses: Uint8Array.from(asked.flat()), names: ['\u00e9', null] }),
      close: () => closed++,
    };
    const told: [AddressKey, string | undefined | null][] = [];
    const openHostLookup = (threads: number, woken: () => void) => {
      expect(threads).toBe(7);
      wake = woken;
      return lookup;
    };
    const finder = new SystemHosts({ openHostLookup }, 7, (...answer) => told.push(answer));
    finder.ask([keyOf('10.0.0.200'), keyOf('fe80::ff')]);
    expect(asked).toEqual([
      [
        ...[2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 200],
        ...[10, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255],
      ],
    ]);
    wake();
    expect(told).toEqual([
      [keyOf('10.0.0.200'), '\u00e9'],
      [keyOf('fe80::ff'), null],
    ]);
    finder.close();
    expect(closed).toBe(1);
  });
});

describe('the sockets of this process', () => {
  it('are known by their inodes', async () => {
    const before = ownSockets();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const more = [...ownSockets()].filter((inode) => !before.has(inode));
    expect(more.length).toBeGreaterThan(0);
    expect(more.every((inode) => Number.isSafeInteger(inode) && inode > 0)).toBe(true);
    server.close();
    await once(server, 'close');
    expect([...ownSockets()].filter((inode) => more.includes(inode))).toEqual([]);
  });
});
