import { describe, expect, it } from 'vitest';
import { settleHostOptions } from '../../../src/request/host-options.ts';
import { settleRequest } from '../../../src/request/request.ts';
import { PROTOCOLS } from '../../../src/socket/protocol.ts';
import { ALL_STATES } from '../../../src/socket/state.ts';
import { columnSet, hasColumn } from '../../../src/table/schema.ts';

describe('a request', () => {
  it('asks for everything by default, and is frozen', () => {
    const question = settleRequest({});
    expect(question).toMatchObject({
      protocols: PROTOCOLS,
      named: false,
      states: ALL_STATES,
      maxBytes: 2 ** 30,
    });
    expect(Object.isFrozen(question)).toBe(true);
    expect(hasColumn(question.columns, 'cookie')).toBe(true);
    expect(hasColumn(question.columns, 'unixPeer')).toBe(false);
  });

  it('keeps the order of a listing whatever the order of the words', () => {
    expect(settleRequest({ protocols: ['unix', 'tcp'] }).protocols).toEqual(['tcp', 'unix']);
  });

  it('turns states and columns into sets', () => {
    const question = settleRequest({ states: ['established', 'listen'], columns: ['local', 'inode'] });
    expect(question.states).toBe((1 << 1) | (1 << 10));
    expect(question.columns).toBe(
      columnSet(['protocol', 'family', 'state', 'localAddress', 'localPort', 'inode']),
    );
  });

  it.each([
    [{ protocol: ['tcp'] }, 'Unknown option "protocol": did you mean "protocols"?'],
    [{ protocols: ['tpc'] }, 'Option "protocols" cannot be "tpc": did you mean "tcp"?'],
    [{ protocols: 'tcp' }, 'Option "protocols" must be an array, got "tcp"'],
    [{ protocols: [] }, 'Option "protocols" is empty: leave it out to have all'],
    [{ states: ['listening'] }, 'Option "states" cannot be "listening": did you mean "listen"?'],
    [{ columns: ['remotePorts'] }, 'Option "columns" cannot be "remotePorts": did you mean "remotePort"?'],
    [{ families: ['quic'] }, 'Option "families" cannot be "quic": it takes inet, inet6, unix'],
    [{ deadlineMs: -1 }, 'Option "deadlineMs" must be a number of at least 0, got -1'],
    [{ deadlineMs: Number.NaN }, 'Option "deadlineMs" must be a number of at least 0, got NaN'],
    [{ maxBytes: '1' }, 'Option "maxBytes" must be a number of at least 1, got "1"'],
    [{ signal: {} }, 'Option "signal" must be an AbortSignal'],
    [{ protocols: Object.create(null) }, 'Option "protocols" must be an array, got an object'],
    // biome-ignore lint/suspicious/noSparseArray: what is tested
    [{ protocols: [,] }, 'Option "protocols" cannot be undefined: it takes tcp, udp, udplite, raw, unix'],
    [null, 'Options must be an object, got null'],
    [42, 'Options must be an object, got 42'],
    [['tcp'], 'Options must be an object, got an array'],
  ])('refuses %j by name', (input, message) => {
    expect(() => settleRequest(input as never)).toThrow(new TypeError(message));
  });
});

describe('host options', () => {
  it('have defaults', () => {
    expect(settleHostOptions({})).toEqual({
      procRoot: '/proc',
      source: 'auto',
      threads: 1,
      addonPath: undefined,
    });
  });

  it.each([
    [{ procroot: '/x' }, 'Unknown option "procroot": did you mean "procRoot"?'],
    [{ source: 'netlnk' }, 'Option "source" cannot be "netlnk": did you mean "netlink"?'],
    [{ threads: 3 }, 'Option "threads" cannot be 3: it takes 1, 2, auto'],
    [{ threads: '2' }, 'Option "threads" cannot be "2": it takes 1, 2, auto'],
    [{ source: null }, 'Option "source" cannot be null: it takes netlink, procfs, auto'],
    [{ procRoot: '' }, 'Option "procRoot" must be a non-empty string, got ""'],
  ])('refuse %j by name', (input, message) => {
    expect(() => settleHostOptions(input as never)).toThrow(new TypeError(message));
  });
});
