import { describe, expect, it } from 'vitest';
import { scan } from '../../../src/index.ts';
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

  it('reads what owners are found by, and no more', () => {
    const columns = ['recvQ'] as const;
    const plain = settleRequest({ columns }).columns;
    expect(settleRequest({ columns, owners: 'none' }).columns).toBe(plain);
    expect(settleRequest({ columns, owners: 'all' }).columns).toBe(plain | columnSet(['inode']));
    const polled = plain | columnSet(['inode', 'cookie']);
    expect(settleRequest({ columns, owners: 'lowest' }).columns).toBe(polled);
    const fresh = settleRequest({ columns, owners: 'lowest', remember: false });
    expect(fresh.columns).toBe(plain | columnSet(['inode']));
  });

  it('reads everything of a process, or what is named, or its program alone', () => {
    expect(settleRequest({}).processFields).toEqual(['comm', 'commandLine', 'uid', 'cgroup']);
    expect(settleRequest({ processFields: ['uid'] }).processFields).toEqual(['uid']);
    expect(settleRequest({ processFields: [] }).processFields).toEqual([]);
  });

  it.each([
    [{ owners: 'every' }, 'Option "owners" cannot be "every": it takes none, lowest, all'],
    [{ owners: true }, 'Option "owners" cannot be true: it takes none, lowest, all'],
    [{ remember: 1 }, 'Option "remember" must be true or false, got 1'],
    [{ processFields: ['cmd'] }, 'Option "processFields" cannot be "cmd": did you mean "comm"?'],
    [{ processFields: 'uid' }, 'Option "processFields" must be an array, got "uid"'],
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
      owners: 'auto',
      pinnedPaths: undefined,
      threads: 1,
      priority: 'normal',
      addonPath: undefined,
    });
  });

  it('take one owner scan, several in their order, or none', () => {
    expect(settleHostOptions({ owners: 'bpf' }).owners).toEqual(['bpf']);
    expect(settleHostOptions({ owners: ['procfd', 'bpf', 'procfd'] }).owners).toEqual(['procfd', 'bpf']);
    expect(settleHostOptions({ owners: 'none' }).owners).toEqual([]);
  });

  it.each([
    [{ ownerScans: 'bfp' }, 'Option "ownerScans" cannot be "bfp": did you mean "bpf"?'],
    [{ ownerScans: [] }, 'Option "ownerScans" is empty: leave it out to have all'],
    [{ ownerScans: ['all'] }, 'Option "ownerScans" cannot be "all": it takes bpf, bpf-pinned, procfd'],
    [{ owners: 'procfd' }, 'Option "owners" cannot be "procfd": it takes none, lowest, all'],
  ])('are refused by the name they have in scan(): %j', async (input, message) => {
    await expect(scan(input as never)).rejects.toThrow(new TypeError(message));
  });

  it.each([
    [{ procroot: '/x' }, 'Unknown option "procroot": did you mean "procRoot"?'],
    [{ source: 'netlnk' }, 'Option "source" cannot be "netlnk": did you mean "netlink"?'],
    [{ owners: 'procfs' }, 'Option "owners" cannot be "procfs": did you mean "procfd"?'],
    [{ owners: [] }, 'Option "owners" is empty: leave it out to have all'],
    [{ owners: ['auto'] }, 'Option "owners" cannot be "auto": it takes bpf, bpf-pinned, procfd'],
    [{ pinnedPaths: '/x' }, 'Option "pinnedPaths" must be an array, got "/x"'],
    [{ pinnedPaths: [''] }, 'Option "pinnedPaths" must be a non-empty string, got ""'],
    [{ threads: 3 }, 'Option "threads" cannot be 3: it takes 1, 2, auto'],
    [{ priority: 'high' }, 'Option "priority" cannot be "high": it takes normal, low'],
    [{ threads: '2' }, 'Option "threads" cannot be "2": it takes 1, 2, auto'],
    [{ source: null }, 'Option "source" cannot be null: it takes netlink, procfs, auto'],
    [{ procRoot: '' }, 'Option "procRoot" must be a non-empty string, got ""'],
  ])('refuse %j by name', (input, message) => {
    expect(() => settleHostOptions(input as never)).toThrow(new TypeError(message));
  });
});
