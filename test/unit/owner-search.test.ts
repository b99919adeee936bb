import { describe, expect, it } from 'vitest';
import { choose } from '../../src/choice.ts';
import { TIME_IS_UP } from '../../src/ending.ts';
import { SockscopeError, type SockscopeErrorCode } from '../../src/errors.ts';
import { OwnerSearch } from '../../src/owner-search.ts';
import type { OwnerIndex, OwnerScan } from '../../src/owners/owner-scan.ts';
import type { Support } from '../../src/support.ts';
import { Turn } from '../../src/turn.ts';

const tally = { processes: 5, vanished: 1, denied: 2, unopened: 1, descriptors: 9, sockets: 4, threads: 2 };
const index: OwnerIndex = {
  tally,
  starts: new Map(),
  find: () => ({ start: new Uint32Array(1), pid: new Uint32Array(), fd: new Uint32Array() }),
};

function fakeScan(
  name: OwnerScan['name'],
  scan: OwnerScan['scan'],
  support: Support = { verdict: 'yes' },
): OwnerScan {
  return { name, probe: async () => support, scan };
}

function search(scans: OwnerScan[], signal = new AbortController().signal): OwnerSearch {
  const context = { signal, threads: 2, maxBytes: 2 ** 20, turn: new Turn() };
  return new OwnerSearch(() => choose(scans, (scan) => scan.probe()), { holders: 'lowest' }, context);
}

const failing = (code: SockscopeErrorCode) => async () => {
  throw new SockscopeError(code, 'EPERM', { operation: 'find owners', errno: 1 });
};

describe('an owner search', () => {
  it('goes by the best scan that works, and says why not by a better one', async () => {
    const refused = { verdict: 'no', reason: 'no capability', remedy: 'get it' } as const;
    const scans = [fakeScan('bpf', failing('ERR_KERNEL'), refused), fakeScan('procfd', async () => index)];
    const { result, done } = search(scans);
    expect(await result).toMatchObject({
      index,
      ability: { source: 'procfd', better: [{ source: 'bpf', reason: 'no capability', remedy: 'get it' }] },
    });
    expect(await done).toEqual({ source: 'procfd', milliseconds: expect.any(Number), ...tally });
  });

  it.each(['ERR_SOURCE_UNAVAILABLE', 'ERR_NO_RESOURCES'] as const)(
    'goes on with the next one after %s, and keeps the reason',
    async (code) => {
      const { result } = search([fakeScan('bpf', failing(code)), fakeScan('procfd', async () => index)]);
      expect((await result).ability).toEqual({
        source: 'procfd',
        better: [{ source: 'bpf', reason: 'EPERM', errno: 1, remedy: undefined }],
      });
    },
  );

  it('does not hide any other failure, nor that of the last one', async () => {
    const next = fakeScan('procfd', async () => index);
    // What holds more bytes than are allowed would do so by any scan.
    for (const code of ['ERR_KERNEL', 'ERR_TOO_LARGE'] as const) {
      await expect(search([fakeScan('bpf', failing(code)), next]).result).rejects.toMatchObject({ code });
    }
    const alone = search([fakeScan('bpf', failing('ERR_SOURCE_UNAVAILABLE'))]);
    await expect(alone.done).rejects.toMatchObject({ code: 'ERR_SOURCE_UNAVAILABLE', errno: 1 });
  });

  it('is an error with every reason where nothing works', async () => {
    const no = (reason: string): Support => ({ verdict: 'no', reason });
    const scans = [
      fakeScan('bpf', failing('ERR_KERNEL'), no('no BTF')),
      fakeScan('procfd', failing('ERR_KERNEL'), no('EACCES')),
    ];
    await expect(search(scans).result).rejects.toThrow('find owners: bpf: no BTF; procfd: EACCES');
  });

  it('has nothing at the deadline, and throws the reason of any other abort', async () => {
    const untilAborted: OwnerScan['scan'] = (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const ended = async (reason: unknown) => {
      const abort = new AbortController();
      const { result } = search([fakeScan('procfd', untilAborted)], abort.signal);
      await Promise.resolve();
      setImmediate(() => abort.abort(reason));
      return result;
    };
    expect(await ended(TIME_IS_UP)).toMatchObject({ index: undefined, report: undefined });
    await expect(ended(new Error('enough'))).rejects.toThrow('enough');
  });
});
