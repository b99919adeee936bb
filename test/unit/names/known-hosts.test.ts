import { describe, expect, it } from 'vitest';
import type { AddressKey } from '../../../src/names/address-set.ts';
import type { HostFinder, HostFound } from '../../../src/names/host-finder.ts';
import { KnownHosts, MOST_AT_A_TIME } from '../../../src/names/known-hosts.ts';
import { parseAddress } from '../../../src/socket/address.ts';
import { Family } from '../../../src/socket/family.ts';
import { keyOf, setOf } from './addresses.ts';

/** Notes what it is asked; answers when the test says so, or at once. */
class FakeFinder implements HostFinder {
  readonly asked: AddressKey[] = [];
  readonly calls: (readonly AddressKey[])[] = [];
  closed = 0;
  readonly #found: HostFound;
  readonly #atOnce: boolean;

  constructor(found: HostFound, atOnce: boolean) {
    this.#found = found;
    this.#atOnce = atOnce;
  }

  ask(addresses: readonly AddressKey[]): void {
    this.asked.push(...addresses);
    this.calls.push(addresses);
    if (this.#atOnce) for (const key of addresses) this.#found(key, `name of ${key.charCodeAt(16)}`);
  }

  answer(text: string, name: string | undefined | null): void {
    this.#found(keyOf(text), name);
  }

  close(): void {
    this.closed++;
  }
}

interface Scene {
  readonly hosts: KnownHosts;
  readonly finders: FakeFinder[];
}

function open(timeoutMs: number, { atOnce = false, most }: { atOnce?: boolean; most?: number } = {}): Scene {
  const finders: FakeFinder[] = [];
  const openFinder = (found: HostFound): HostFinder => {
    finders.push(new FakeFinder(found, atOnce));
    return finders.at(-1)!;
  };
  return { hosts: new KnownHosts({ openFinder, timeoutMs, ...(most !== undefined && { most }) }), finders };
}

function nameOf({ hosts }: Scene, text: string): string | undefined {
  const bytes = new Uint8Array(20);
  const family = parseAddress(text, bytes, 4)!;
  return hosts.of(bytes, 4, family);
}

const ADDRESSES = Array.from({ length: 200 }, (_, index) => `10.0.0.${index}`);

describe('known hosts', () => {
  it('are asked for once, and remembered, whether they have a name or not', async () => {
    const scene = open(60_000);
    const first = scene.hosts.resolve(setOf('10.0.0.1', '::1', '10.0.0.2'));
    const [finder] = scene.finders;
    finder!.answer('10.0.0.1', 'one');
    finder!.answer('10.0.0.2', undefined);
    expect(nameOf(scene, '10.0.0.1')).toBe('one');
    expect(nameOf(scene, '::1')).toBeUndefined();
    finder!.answer('::1', '');
    await first;
    expect(['10.0.0.1', '::1', '10.0.0.2', '::ffff:10.0.0.1'].map((text) => nameOf(scene, text))).toEqual([
      'one',
      '',
      undefined,
      undefined,
    ]);
    await scene.hosts.resolve(setOf('10.0.0.1', '10.0.0.2', '::1'));
    expect(finder!.asked).toEqual([keyOf('10.0.0.1'), keyOf('::1'), keyOf('10.0.0.2')]);
    expect(scene.finders).toHaveLength(1);
    scene.hosts.close();
  });

  it('ask nobody for nothing', async () => {
    const scene = open(60_000);
    await scene.hosts.resolve(setOf());
    expect(scene.finders).toHaveLength(0);
    scene.hosts.close();
    await scene.hosts.resolve(setOf('10.0.0.1'));
    expect(scene.finders).toHaveLength(0);
  });

  it('are not asked for where there is no time', async () => {
    const scene = open(0);
    await scene.hosts.resolve(setOf('10.0.0.1'));
    expect(scene.finders).toHaveLength(0);
  });

  it('are waited for once: an answer that comes late is known later', async () => {
    const scene = open(20);
    await scene.hosts.resolve(setOf('10.0.0.1', '10.0.0.2'));
    const [finder] = scene.finders;
    // Nobody answers, and yet this returns at once; a new one is waited for.
    await scene.hosts.resolve(setOf('10.0.0.1', '10.0.0.2'));
    const third = scene.hosts.resolve(setOf('10.0.0.1', '10.0.0.3'));
    finder!.answer('10.0.0.3', 'three');
    await third;
    finder!.answer('10.0.0.1', 'one');
    expect(nameOf(scene, '10.0.0.1')).toBe('one');
    expect(finder!.asked).toHaveLength(3);
  });

  it('are asked for some at a time', async () => {
    const scene = open(60_000);
    const done = scene.hosts.resolve(setOf(...ADDRESSES));
    const [finder] = scene.finders;
    expect(finder!.asked).toHaveLength(MOST_AT_A_TIME);
    for (const [index, text] of ADDRESSES.entries()) {
      finder!.answer(text, text);
      await null;
      expect(finder!.asked).toHaveLength(Math.min(ADDRESSES.length, MOST_AT_A_TIME + index + 1));
    }
    await done;
    expect(finder!.asked).toEqual(ADDRESSES.map(keyOf));
  });

  it('are asked for at once where several answers come in a row', async () => {
    const scene = open(60_000);
    void scene.hosts.resolve(setOf(...ADDRESSES));
    const [finder] = scene.finders;
    for (const text of ADDRESSES.slice(0, 20)) finder!.answer(text, text);
    await null;
    expect(finder!.calls.map(({ length }) => length)).toEqual([MOST_AT_A_TIME, 20]);
    scene.hosts.close();
  });

  it('of the present call are asked for first, and those that it does not want not at all', async () => {
    const scene = open(20);
    await scene.hosts.resolve(setOf(...ADDRESSES));
    const [finder] = scene.finders;
    const wanted = ['10.0.0.180', '10.1.0.1', '10.0.0.190'];
    const done = scene.hosts.resolve(setOf(...wanted));
    for (const text of ADDRESSES.slice(0, MOST_AT_A_TIME)) finder!.answer(text, text);
    await null;
    expect(finder!.asked.slice(MOST_AT_A_TIME)).toEqual(['10.1.0.1', '10.0.0.180', '10.0.0.190'].map(keyOf));
    finder!.answer('10.1.0.1', 'new');
    await done;
    await scene.hosts.resolve(setOf());
    expect(finder!.asked).toHaveLength(MOST_AT_A_TIME + 3);
  });

  it('that could not be asked for are asked for again', async () => {
    const scene = open(60_000);
    const first = scene.hosts.resolve(setOf('10.0.0.1', '10.0.0.2'));
    const [finder] = scene.finders;
    finder!.answer('10.0.0.1', null);
    finder!.answer('10.0.0.2', undefined);
    await first;
    expect(nameOf(scene, '10.0.0.1')).toBeUndefined();
    const second = scene.hosts.resolve(setOf('10.0.0.1', '10.0.0.2'));
    finder!.answer('10.0.0.1', 'one');
    await second;
    expect(nameOf(scene, '10.0.0.1')).toBe('one');
    expect(finder!.asked).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1'].map(keyOf));
  });

  it('have no names while nobody can be asked, and may have them later', async () => {
    let refusals = 3;
    const asked: AddressKey[] = [];
    const finderOf = (found: HostFound): HostFinder => ({
      ask: (keys) => {
        if (--refusals >= 0) throw new Error('no memory');
        asked.push(...keys);
        for (const key of keys) found(key, 'name');
      },
      close: () => undefined,
    });
    const hosts = new KnownHosts({
      openFinder: (found) => {
        if (--refusals >= 0) throw new Error('no thread');
        return finderOf(found);
      },
      timeoutMs: 60_000,
    });
    const scene = { hosts, finders: [] };
    // The finder is refused twice, and once asked for nothing: three batches of addresses.
    await hosts.resolve(setOf(...ADDRESSES.slice(0, 3 * MOST_AT_A_TIME)));
    expect(asked).toEqual([]);
    expect(nameOf(scene, '10.0.0.1')).toBeUndefined();
    await hosts.resolve(setOf('10.0.0.1'));
    expect(asked).toEqual([keyOf('10.0.0.1')]);
    expect(nameOf(scene, '10.0.0.1')).toBe('name');
  });

  it('may be answered at once, however many they are', async () => {
    const scene = open(60_000, { atOnce: true });
    const many = setOf();
    const bytes = new Uint8Array(16).fill(0xff, 10, 12);
    for (let index = 0; index < 100_000; index++) {
      new DataView(bytes.buffer).setUint32(12, index);
      many.add(bytes, 0, Family.inet);
    }
    await scene.hosts.resolve(many);
    expect(scene.finders[0]!.asked).toHaveLength(100_000);
    expect(nameOf(scene, '0.0.0.77')).toBe('name of 77');
  });

  it('are held back while a table is read', async () => {
    const scene = open(20);
    expect(scene.hosts.hold()).toBeUndefined();
    await scene.hosts.resolve(setOf(...ADDRESSES));
    const [finder] = scene.finders;
    expect(scene.hosts.hold()).toEqual(new Set());
    for (const text of ADDRESSES.slice(0, MOST_AT_A_TIME)) finder!.answer(text, text);
    expect(finder!.asked).toHaveLength(MOST_AT_A_TIME);
    expect(scene.hosts.hold()).toBeUndefined();
    await scene.hosts.resolve(setOf(...ADDRESSES));
    expect(finder!.asked).toHaveLength(2 * MOST_AT_A_TIME);
  });

  it('forget the oldest, and none of the present ones', async () => {
    const scene = open(60_000, { atOnce: true, most: 3 });
    await scene.hosts.resolve(setOf('10.0.0.1', '10.0.0.2', '10.0.0.3'));
    await scene.hosts.resolve(setOf('10.0.0.1', '10.0.0.4'));
    expect([1, 2, 3, 4].map((last) => nameOf(scene, `10.0.0.${last}`) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    await scene.hosts.resolve(setOf(...ADDRESSES.slice(5, 10)));
    expect(ADDRESSES.slice(0, 10).filter((text) => nameOf(scene, text) !== undefined)).toEqual(
      ADDRESSES.slice(5, 10),
    );
  });

  it('let go when they are closed, in the middle of a call as well', async () => {
    const scene = open(60_000);
    const done = scene.hosts.resolve(setOf('10.0.0.1'));
    scene.hosts.close();
    await done;
    expect(scene.finders[0]!.closed).toBe(1);
    scene.finders[0]!.answer('10.0.0.1', 'late');
    await scene.hosts.resolve(setOf('10.0.0.2'));
    expect(scene.finders[0]!.asked).toHaveLength(1);
  });
});
