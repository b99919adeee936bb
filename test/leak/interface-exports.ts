import { expect } from 'vitest';
import type { NativeBinding } from '../../src/addon/native-binding.ts';
import type { NativeInterfacesEnd } from '../../src/addon/native-interfaces.ts';

/** Reads to the end, leaves at once, asks wrongly. */
export async function useInterfaces(addon: NativeBinding): Promise<void> {
  const end = await new Promise<NativeInterfacesEnd>((resolve) => {
    const asked = addon.startInterfaces(Buffer.from('lo\0no such\0'), 'all', () => resolve(asked.end()!));
  });
  expect(end).toMatchObject({ status: 'ok', listErrno: 0, inet: true });
  addon.startInterfaces(new Uint8Array(), 'first', () => expect.fail('woken after cancel')).cancel();
  expect(() => addon.startInterfaces('lo' as never, 'all', () => undefined)).toThrow(
    'names must be a Uint8Array',
  );
  expect(() => addon.startInterfaces(new Uint8Array(), 'all', undefined as never)).toThrow(
    'wake must be a function',
  );
  for (const wrong of ['both', true, undefined]) {
    expect(() => addon.startInterfaces(new Uint8Array(), wrong as never, () => undefined)).toThrow(
      "addresses must be 'first' or 'all'",
    );
  }
}
