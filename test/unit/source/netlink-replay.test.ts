import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadAddon } from '../../../src/addon/load-addon.ts';
import { nativeBatches } from '../../../src/addon/native-batches.ts';
import type { NativeBinding } from '../../../src/addon/native-binding.ts';
import type { NativeDumpRequest } from '../../../src/addon/native-dump.ts';
import { type DumpTally, newTally } from '../../../src/source/source.ts';
import type { Batch } from '../../../src/table/batch.ts';
import { BATCH_ROWS, columnSet, SCHEMA } from '../../../src/table/schema.ts';
import { Turn } from '../../../src/turn.ts';
import { requirement } from '../../requirements.ts';
import {
  attribute,
  be16,
  datagram,
  done,
  type Field,
  inetMessage,
  message,
  NLM_F_DUMP_INTR,
  NLM_F_MULTI,
  NLMSG_ERROR,
  raw,
  SOCK_DIAG_BY_FAMILY,
  TCPDIAG_GETSOCK,
  u8,
  u32,
  zeros,
} from './netlink-datagrams.ts';

const everything = (1 << SCHEMA.length) - 1;
const tcp: NativeDumpRequest = {
  kind: 'inet',
  ipProtocol: 6,
  families: [2, 10],
  states: 0xfff,
  columns: everything,
  threads: 1,
  maxBytes: 1 << 30,
};
const tcp4: NativeDumpRequest = { ...tcp, families: [2] };
const unix: NativeDumpRequest = { ...tcp, kind: 'unix', ipProtocol: 0, families: [1] };

const listener: readonly Field[] = [
  u8(10, 'idiag_family AF_INET6'),
  u8(10, 'idiag_state LISTEN'),
  u8(0, 'idiag_timer none'),
  u8(0, 'idiag_retrans'),
  be16(8080, 'idiag_sport'),
  be16(0, 'idiag_dport'),
  raw([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 'idiag_src fe80::1'),
  zeros(16, 'idiag_dst ::'),
  u32(7, 'idiag_if'),
  u32(0x1111, 'idiag_cookie low'),
  u32(0x2222, 'idiag_cookie high'),
  u32(0, 'idiag_expires'),
  u32(3, 'idiag_rqueue: waiting for accept'),
  u32(128, 'idiag_wqueue: backlog'),
  u32(33, 'idiag_uid'),
  u32(91_001, 'idiag_inode'),
  attribute(8, [0]),
  attribute(0x3fff, [1, 2, 3, 4, 5]),
];

const established: readonly Field[] = [
  u8(2, 'idiag_family AF_INET'),
  u8(1, 'idiag_state ESTABLISHED'),
  u8(2, 'idiag_timer keepalive'),
  u8(4, 'idiag_retrans'),
  be16(443, 'idiag_sport'),
  be16(50_123, 'idiag_dport'),
  raw([10, 0, 0, 1], 'idiag_src'),
  zeros(12, 'idiag_src, unused by IPv4'),
  raw([192, 0, 2, 9], 'idiag_dst'),
  zeros(12, 'idiag_dst, unused by IPv4'),
  u32(0, 'idiag_if'),
  u32(0xfedc_ba98, 'idiag_cookie low'),
  u32(1, 'idiag_cookie high'),
  u32(7_199_000, 'idiag_expires, ms'),
  u32(512, 'idiag_rqueue'),
  u32(1024, 'idiag_wqueue'),
  u32(1000, 'idiag_uid'),
  u32(91_002, 'idiag_inode'),
  attribute(2, [1, 0, 5, 6, ...new Array<number>(228).fill(0)]),
];

const unixListener: readonly Field[] = [
  u8(1, 'udiag_family AF_UNIX'),
  u8(1, 'udiag_type SOCK_STREAM'),
  u8(10, 'udiag_state LISTEN'),
  u8(0, 'pad'),
  u32(555, 'udiag_ino'),
  u32(9, 'udiag_cookie low'),
  u32(0, 'udiag_cookie high'),
  attribute(0, Buffer.from('/run/a b\n.sock\0')),
  attribute(4, [...u32(2, 'udiag_rqueue')[0], ...u32(64, 'udiag_wqueue')[0]]),
];

const v4 = (...four: number[]) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...four];

const missing = requirement('addon');

describe.skipIf(missing !== undefined)(
  `replayed datagrams${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    it.each([1, 2] as const)('become rows, with %i threads', async (threads) => {
      const datagrams = [
        datagram(message(TCPDIAG_GETSOCK, listener), message(TCPDIAG_GETSOCK, established)),
        datagram(done()),
      ];
      const { batches, tally } = await replay({ ...tcp, threads }, datagrams);
      expect(batches).toHaveLength(1);
      const bytes = datagrams[0]!.length + datagrams[1]!.length;
      expect(tally).toEqual({ rows: 2, bytes, malformed: 0, duplicates: 0, interrupted: false });
      expect(columnsOf(batches[0]!)).toMatchObject({
        protocol: [1, 1],
        family: [10, 2],
        state: [10, 1],
        timer: [0, 2],
        retrans: [0, 5],
        probes: [0, 6],
        expiresMs: [0, 7_199_000],
        localAddress: [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, ...v4(10, 0, 0, 1)],
        remoteAddress: [...new Array<number>(16).fill(0), ...v4(192, 0, 2, 9)],
        localPort: [8080, 443],
        remotePort: [0, 50_123],
        ifindex: [7, 0],
        recvQ: [3, 512],
        sendQ: [128, 1024],
        uid: [33, 1000],
        inode: [91_001, 91_002],
        cookie: [0x1111, 0x2222, 0xfedc_ba98, 1],
        path: [0, 0, 0],
      });
    });

    it('become unix sockets, names with all their bytes', async () => {
      const { batches } = await replay(unix, [
        datagram(message(SOCK_DIAG_BY_FAMILY, unixListener)),
        datagram(done()),
      ]);
      const [batch] = batches;
      expect(columnsOf(batch!)).toMatchObject({
        protocol: [10],
        unixType: [1],
        state: [10],
        inode: [555],
        recvQ: [2],
      });
      const [from, to] = batch!.require('path');
      const name = Buffer.from(batch!.heap.subarray(from, to)).toString('latin1');
      expect(name.replace(/\0$/, '')).toBe('/run/a b\n.sock');
    });

    it('fill batch after batch', async () => {
      const datagrams = rows(20_000);
      const { batches, tally } = await replay(
        { ...tcp, threads: 2, columns: columnSet(['cookie']) },
        datagrams,
      );
      expect(batches.length).toBeGreaterThan(2);
      expect(Math.max(...batches.map(({ length }) => length))).toBe(BATCH_ROWS);
      expect(tally.rows).toBe(20_000);
      const low = batches.flatMap((batch) =>
        [...batch.require('cookie')].filter((_, index) => index % 2 === 0),
      );
      expect(low).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
    });

    it('are given once each, the second time they are counted', async () => {
      const twice = datagram(
        message(18, inetMessage(5)),
        message(18, inetMessage(6)),
        message(18, inetMessage(5)),
      );
      const { tally } = await replay(tcp, [twice, datagram(message(18, inetMessage(6)), done())]);
      expect(tally).toMatchObject({ rows: 2, duplicates: 2 });
    });

    it('that are too short for a socket are counted', async () => {
      const short = message(18, [u8(2, 'idiag_family'), u8(1, 'idiag_state')]);
      const { tally } = await replay(tcp, [datagram(short, message(18, inetMessage(1))), datagram(done())]);
      expect(tally).toMatchObject({ rows: 1, malformed: 1 });
    });

    it('of another request are left out', async () => {
      const stale = message(18, inetMessage(1), { sequence: 77 });
      const { tally } = await replay(tcp, [datagram(stale, message(18, inetMessage(2))), datagram(done())]);
      expect(tally).toMatchObject({ rows: 1, malformed: 0 });
    });

    it('that were interrupted say so', async () => {
      const interrupted = message(18, inetMessage(1), { flags: NLM_F_MULTI | NLM_F_DUMP_INTR });
      const { tally } = await replay(tcp, [datagram(interrupted), datagram(done())]);
      expect(tally).toMatchObject({ rows: 1, interrupted: true });
    });
  },
);

describe.skipIf(missing !== undefined)(
  `a replay that ends badly${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    const row = message(20, inetMessage(1));
    const refused = message(NLMSG_ERROR, [u32(-1 >>> 0, 'error'), zeros(16, 'the request')]);
    const cases: [string, NativeDumpRequest, Uint8Array[], object][] = [
      ['an errno in DONE', tcp4, [datagram(row), datagram(done(16))], { code: 'ERR_KERNEL', errno: 16 }],
      ['ENOENT in DONE', tcp4, [datagram(done(2))], { code: 'ERR_SOURCE_UNAVAILABLE', errno: 2 }],
      [
        'NLMSG_ERROR',
        unix,
        [datagram(refused)],
        { code: 'ERR_SOURCE_UNAVAILABLE', errno: 1, syscall: 'NLMSG_ERROR' },
      ],
      ['a cut datagram', tcp, [new Uint8Array(40_000)], { code: 'ERR_REPLY_DAMAGED' }],
      [
        'a length that lies',
        tcp,
        [datagram(message(18, inetMessage(1), { length: 5000 }))],
        { code: 'ERR_REPLY_DAMAGED' },
      ],
      ['no end', tcp4, [datagram(row)], { code: 'ERR_KERNEL', errno: 61 }],
      [
        'more rows than may wait',
        { ...tcp, maxBytes: 64 },
        [datagram(row, done())],
        { code: 'ERR_TOO_LARGE' },
      ],
    ];
    it.each(cases)('by %s', async (_, request, datagrams, error) => {
      await expect(replay(request, datagrams)).rejects.toMatchObject({ operation: 'dump tcp', ...error });
      await expect(replay({ ...request, threads: 2 }, datagrams)).rejects.toMatchObject(error);
    });

    it('gives the rows before its end first', async () => {
      const tally = newTally();
      await expect(replay(tcp4, [datagram(row), datagram(done(16))], tally)).rejects.toThrow('EBUSY');
      expect(tally.rows).toBe(1);
    });
  },
);

describe.skipIf(missing !== undefined)(
  `a malformed request${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    const wrong: [object, string][] = [
      [{ kind: 'tcp' }, "kind must be 'inet' or 'unix'"],
      [{ ipProtocol: 70_000 }, 'ipProtocol must be a whole number from 0 to 65535'],
      [{ families: 2 }, 'families must be an array'],
      [{ families: [] }, 'AF_INET or AF_INET6'],
      [{ families: [3] }, 'families must hold AF_UNIX, AF_INET or AF_INET6'],
      [{ states: -1 }, 'states must be a whole number from 0 to 4294967295'],
      [{ columns: 2 ** SCHEMA.length }, 'columns must be a whole number'],
      [{ columns: 1.5 }, 'columns must be a whole number'],
      [{ threads: 3 }, 'threads must be a whole number from 1 to 2'],
      [{ maxBytes: Number.NaN }, 'maxBytes must be a whole number'],
      [
        { bytecode: new Uint8Array(6) },
        'bytecode must be a Uint8Array of at most 65528 bytes, a multiple of 4',
      ],
      [{ bytecode: 'none' }, 'bytecode must be a Uint8Array'],
      [{ maxBytes: '1' }, 'maxBytes must be a whole number'],
    ];
    it.each(wrong)('%o is a TypeError that names the field', (fields, words) => {
      const request = { ...tcp, ...fields } as NativeDumpRequest;
      const start = () => addon().startDump(request, () => undefined);
      expect(start).toThrow(TypeError);
      expect(start).toThrow(words);
    });

    it('so are other arguments', () => {
      const nothing = undefined as never;
      expect(() => addon().startDump(nothing, nothing)).toThrow('request must be an object');
      expect(() => addon().startDump(tcp, nothing)).toThrow('wake must be a function');
      expect(() => addon().replayDump(tcp, nothing, nothing)).toThrow('datagrams must be an array');
      const words = [new Uint16Array(8)] as unknown as Uint8Array[];
      expect(() => addon().replayDump(tcp, words, nothing)).toThrow('datagrams must hold Uint8Arrays');
    });

    it('a dump is made by startDump alone, and its functions belong to it', () => {
      const dump = addon().replayDump(tcp, [datagram(done())], () => undefined);
      const Dump = dump.constructor as new () => unknown;
      expect(() => new Dump()).toThrow('a dump is made by startDump');
      expect(() => dump.take.call({})).toThrow(TypeError);
      dump.cancel();
    });
  },
);

function addon(): NativeBinding {
  const found = loadAddon({ packageRoot: fileURLToPath(new URL('../../..', import.meta.url)) });
  if (!('binding' in found)) throw new Error(found.reason);
  return found.binding;
}

async function replay(
  request: NativeDumpRequest,
  datagrams: readonly Uint8Array[],
  tally: DumpTally = newTally(),
): Promise<{ batches: Batch[]; tally: DumpTally }> {
  const batches: Batch[] = [];
  const start = (wake: () => void) => addon().replayDump(request, datagrams, wake);
  const { signal } = new AbortController();
  for await (const batch of nativeBatches({ start, subject: 'tcp', signal, tally, turn: new Turn() }))
    batches.push(batch);
  return { batches, tally };
}

function columnsOf(batch: Batch): Record<string, number[]> {
  return Object.fromEntries(SCHEMA.map(({ name }) => [name, [...batch.require(name)]]));
}

/** Datagrams of `count` sockets with the cookies 1, 2, ... and the end. */
function rows(count: number): Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  for (let cookie = 1; cookie <= count; ) {
    const messages: number[][] = [];
    for (; messages.length < 300 && cookie <= count; cookie++)
      messages.push(message(18, inetMessage(cookie)));
    datagrams.push(datagram(...messages));
  }
  return [...datagrams, datagram(done())];
}
