import { expect, it } from 'vitest';
import { remotePortAtMost } from '../../../src/filter/bytecode.ts';

it('writes a comparison of the remote port as the kernel reads it', () => {
  expect(remotePortAtMost(0)).toEqual(new Uint8Array([5, 8, 12, 0, 0, 0, 0, 0]));
  expect([...remotePortAtMost(443).slice(6)]).toEqual([443 & 255, 443 >> 8]);
});
