import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadAddon } from '../../src/addon/load-addon.ts';
import { nativeBatches } from '../../src/addon/native-batches.ts';
import type { NativeDumpRequest } from '../../src/addon/native-dump.ts';
import { Family } from '../../src/socket/family.ts';
import { Protocol } from '../../src/socket/protocol.ts';
import { newTally } from '../../src/source/source.ts';
import type { Batch } from '../../src/table/batch.ts';
import { ABSENT, ABSENT_PROBES } from '../../src/table/schema.ts';
import { Turn } from '../../src/turn.ts';
import { requirement } from '../requirements.ts';
import { inetDatagrams, unixDatagrams } from './datagrams.ts';
import { inetText, unixText } from './proc-text.ts';
import {
  INET_PROTOCOLS,
  type InetProtocol,
  type InetSocket,
  inetSockets,
  type UnixSocket,
  unixSockets,
} from './sockets.ts';
import { ALL_COLUMNS, everythingOf, type PlainRow, parsePieces, rowsOf } from './tables.ts';

const NO_ADDRESS = '0'.repeat(32);
const MAPPED = '00000000000000000000ffff';

function inetRow(protocol: InetProtocol, socket: InetSocket): PlainRow {
  const address = (bytes: readonly number[]): string =>
    (socket.family === Family.inet ? MAPPED : '') + Buffer.from(bytes).toString('hex');
  return {
    protocol: Protocol[protocol],
    family: socket.family,
    state: socket.state,
    timer: socket.timer,
    retrans: socket.retrans,
    probes: socket.probes,
    expiresMs: socket.ticks * 10,
    localAddress: address(socket.local),
    remoteAddress: address(socket.remote),
    localPort: socket.localPort,
    remotePort: socket.remotePort,
    ifindex: 0,
    recvQ: socket.recvQ,
    sendQ: protocol === 'tcp' && socket.state === 10 ? ABSENT : socket.sendQ,
    uid: socket.uid,
    inode: socket.inode,
    cookie: '0000',
    path: '',
    unixType: 0,
    unixPeer: 0,
    unixRefs: 0,
    unixFlags: 0,
  };
}

function unixRow(socket: UnixSocket): PlainRow {
  const [first, ...rest] = socket.name;
  const name = first === undefined ? [] : [first, ...rest.map((byte) => (byte === 0 ? 0x40 : byte))];
  return {
    protocol: Protocol.unix,
    family: Family.unix,
    state: socket.state,
    timer: 0,
    retrans: 0,
    probes: ABSENT_PROBES,
    expiresMs: 0,
    localAddress: NO_ADDRESS,
    remoteAddress: NO_ADDRESS,
    localPort: 0,
    remotePort: 0,
    ifindex: 0,
    recvQ: ABSENT,
    sendQ: ABSENT,
    uid: ABSENT,
    inode: socket.inode,
    cookie: '0000',
    path: Buffer.from(name).toString('latin1'),
    unixType: socket.type,
    unixPeer: 0,
    unixRefs: socket.refs,
    unixFlags: socket.state === 10 ? 0x10000 : 0,
  };
}

describe('random sockets, written as /proc text', () => {
  it.each(INET_PROTOCOLS)('are the same table again: %s', (protocol) => {
    fc.assert(
      fc.property(inetSockets, (sockets) => {
        const { batches, tally } = parsePieces(everythingOf(protocol), [inetText(sockets)]);
        expect(rowsOf(batches)).toEqual(sockets.map((socket) => inetRow(protocol, socket)));
        expect(tally.malformed).toBe(0);
      }),
    );
  });

  it('are the same table again: unix', () => {
    fc.assert(
      fc.property(unixSockets, (sockets) => {
        const { batches, tally } = parsePieces(everythingOf('unix'), [unixText(sockets)]);
        expect(rowsOf(batches)).toEqual(sockets.map(unixRow));
        expect(tally.malformed).toBe(0);
      }),
    );
  });
});

const missing = requirement('addon');

describe.skipIf(missing !== undefined)(
  `random sockets, written both ways${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    it.each(INET_PROTOCOLS)('give equal tables: %s', async (protocol) => {
      await fc.assert(
        fc.asyncProperty(inetSockets, async (generated) => {
          const sockets = generated.map((socket) => comparable(protocol, socket));
          const text = parsePieces(everythingOf(protocol), [inetText(sockets)]);
          const messages = await replay(inetRequest(protocol), inetDatagrams(protocol, sockets));
          expect(rowsOf(messages).map(withoutNetlinkOnly)).toEqual(
            rowsOf(text.batches).map(withoutNetlinkOnly),
          );
        }),
        { numRuns: 40 },
      );
    });

    it('give equal tables: unix', async () => {
      await fc.assert(
        fc.asyncProperty(unixSockets, async (sockets) => {
          const text = parsePieces(everythingOf('unix'), [unixText(sockets)]);
          const request = { ...inetRequest('tcp'), kind: 'unix', ipProtocol: 0, families: [1] } as const;
          const messages = await replay(request, unixDatagrams(sockets));
          // netlink does not tell the references.
          const same = ({ cookie: _, unixRefs: __, ...row }: PlainRow): PlainRow => row;
          expect(rowsOf(messages).map(same)).toEqual(rowsOf(text.batches).map(same));
        }),
        { numRuns: 40 },
      );
    });
  },
);

/** Leaves out what the messages of a protocol have no room for. */
function comparable(protocol: InetProtocol, socket: InetSocket): InetSocket {
  if (protocol === 'tcp') return socket;
  const plain = { ...socket, probes: 0 };
  return protocol === 'raw' ? { ...plain, localPort: socket.localPort & 255, remotePort: 0 } : plain;
}

/** /proc prints no cookie and no device, and for a listener no limit. */
function withoutNetlinkOnly({ cookie: _, ifindex: __, ...row }: PlainRow): PlainRow {
  return row.protocol === Protocol.tcp && row.state === 10 ? { ...row, sendQ: 'limit' } : row;
}

function inetRequest(protocol: InetProtocol): NativeDumpRequest {
  const ipProtocol = { tcp: 6, udp: 17, udplite: 136, raw: 255 }[protocol];
  return {
    kind: 'inet',
    ipProtocol,
    families: [2, 10],
    states: 0xfff,
    columns: ALL_COLUMNS,
    threads: 1,
    maxBytes: 1 << 30,
  };
}

async function replay(request: NativeDumpRequest, datagrams: readonly Uint8Array[]): Promise<Batch[]> {
  const found = loadAddon({ packageRoot: fileURLToPath(new URL('../..', import.meta.url)) });
  if (!('binding' in found)) throw new Error(found.reason);
  const start = (wake: () => void) => found.binding.replayDump(request, datagrams, wake);
  const { signal } = new AbortController();
  const batches: Batch[] = [];
  for await (const batch of nativeBatches({
    start,
    subject: 'replay',
    signal,
    tally: newTally(),
    turn: new Turn(),
  })) {
    batches.push(batch);
  }
  return batches;
}
