import { expect } from 'vitest';
import type { NativeBinding, NativeHostLookup } from '../../src/addon/native-binding.ts';

const ignore = () => undefined;

/** 127.0.0.1, as the addon takes it. The file of hosts knows the first, so that no name server is asked. */
const IPV4 = [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1];

/** What has been found once so many addresses have been told of, by the address. */
async function answers(
  addon: NativeBinding,
  addresses: readonly (readonly number[])[],
): Promise<Map<string, string | undefined | null>> {
  const found = new Map<string, string | undefined | null>();
  let wake: () => void = ignore;
  const lookup = addon.openHostLookup(4, () => wake());
  try {
    await new Promise<void>((resolve) => {
      wake = () => {
        const taken = lookup.take();
        expect(taken.addresses.length).toBe(17 * taken.names.length);
        for (const [index, name] of taken.names.entries()) {
          found.set(taken.addresses.subarray(17 * index, 17 * index + 17).join(), name);
        }
        if (found.size === addresses.length) resolve();
      };
      lookup.ask(Uint8Array.from(addresses.flat()));
    });
  } finally {
    lookup.close();
  }
  return found;
}

/** What a program does with look-ups of hosts: reads them, leaves them at each moment, asks wrongly. */
export async function useHosts(addon: NativeBinding): Promise<void> {
  const found = await answers(addon, [IPV4]);
  expect([...found.keys()]).toEqual([IPV4.join()]);
  leaveHosts(addon);
  refuseHosts(addon);
}

function leaveHosts(addon: NativeBinding): void {
  const fail = () => expect.unreachable('a look-up that was left woke somebody');
  addon.openHostLookup(256, fail).close();
  const left = addon.openHostLookup(1, fail);
  for (let turn = 0; turn < 3; turn++) left.ask(Uint8Array.from([...IPV4, ...IPV4]));
  left.ask(new Uint8Array());
  left.close();
  left.close();
  left.ask(Uint8Array.from(IPV4));
  expect(left.take()).toEqual({ addresses: new Uint8Array(), names: [] });
}

function refuseHosts(addon: NativeBinding): void {
  for (const threads of [0, 257, 1.5, '1', undefined]) {
    expect(() => addon.openHostLookup(threads as number, ignore)).toThrow(
      'threads must be a whole number from 1 to 256',
    );
  }
  expect(() => addon.openHostLookup(1, undefined as never)).toThrow('wake must be a function');
  const lookup = addon.openHostLookup(1, ignore);
  for (const [wrong, message] of [
    [[2], 'addresses must be a Uint8Array'],
    [new Uint16Array(17), 'addresses must be a Uint8Array'],
    [undefined, 'addresses must be a Uint8Array'],
    [new Uint8Array(16), 'addresses must have 17 bytes each'],
    [new Uint8Array(34).fill(1), 'addresses must be of the families 2 and 10'],
  ] as const) {
    expect(() => lookup.ask(wrong as Uint8Array)).toThrow(message);
  }
  expect(() => Reflect.construct(lookup.constructor as new () => NativeHostLookup, [])).toThrow(
    'made by openHostLookup',
  );
  lookup.close();
}
