import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Ending } from '../../src/ending.ts';
import { settleRequest } from '../../src/request/request.ts';

/** A signal as another library or realm has it: no instance of this realm's AbortSignal, nor of its EventTarget. */
function foreignSignal(): { signal: AbortSignal; abort: (reason: unknown) => void } {
  return runInContext(
    `const listeners = new Set();
     const signal = {
       aborted: false,
       reason: undefined,
       addEventListener(type, listener) { listeners.add(listener); },
       removeEventListener(type, listener) { listeners.delete(listener); },
       listeners,
     };
     ({ signal, abort(reason) {
       Object.assign(signal, { aborted: true, reason });
       for (const listener of [...listeners]) listener();
     } })`,
    createContext(),
  );
}

describe('a signal of another realm', () => {
  it('is taken by a request', () => {
    const { signal } = foreignSignal();
    expect(signal instanceof AbortSignal).toBe(false);
    expect(settleRequest({ signal }).signal).toBe(signal);
  });

  it('ends what listens to it, with its reason', () => {
    const { signal, abort } = foreignSignal();
    const ending = new Ending([signal], undefined);
    expect(ending.signal.aborted).toBe(false);
    abort('enough');
    expect(ending.signal.reason).toBe('enough');
  });

  it('is let go of', () => {
    const { signal } = foreignSignal();
    const ending = new Ending([signal], undefined);
    const { listeners } = signal as unknown as { listeners: Set<unknown> };
    expect(listeners.size).toBe(1);
    ending.release();
    expect(listeners.size).toBe(0);
  });

  it.each([null, true, 'signal', {}, { aborted: false }, new AbortController()])('%o is none', (signal) => {
    expect(() => settleRequest({ signal: signal as unknown as AbortSignal })).toThrow(
      'Option "signal" must be an AbortSignal',
    );
  });
});
