import { expect, it } from 'vitest';
import { portAtLeast, portAtMost, remotePortAtMost } from '../../../src/filter/bytecode.ts';

it('writes a comparison of the remote port as the kernel reads it', () => {
  expect(remotePortAtMost(0)).toEqual(new Uint8Array([5, 8, 12, 0, 0, 0, 0, 0]));
  expect([...remotePortAtMost(443).slice(6)]).toEqual([443 & 255, 443 >> 8]);
});

it('tells the local port from the remote one, and up to it from beyond', () => {
  const codes = [
    portAtLeast('local', 1),
    portAtMost('local', 1),
    portAtLeast('remote', 1),
    portAtMost('remote', 1),
  ].map(([code]) => code);
  expect(codes).toEqual([2, 3, 4, 5]);
  expect(portAtMost('remote', 80)).toEqual(remotePortAtMost(80));
});
