import { nativeBatches } from '../addon/native-batches.ts';
import type { NativeBinding } from '../addon/native-binding.ts';
import type { NativeDumpRequest } from '../addon/native-dump.ts';
import { SockscopeError } from '../errors.ts';
import { ProcRoot } from '../proc/proc-root.ts';
import { Family } from '../socket/family.ts';
import type { ProtocolName } from '../socket/protocol.ts';
import { State } from '../socket/state.ts';
import type { Support } from '../support.ts';
import type { Batch } from '../table/batch.ts';
import { columnSet } from '../table/schema.ts';
import { nextTurn, Turn } from '../turn.ts';
import { wantsListenerUids, withListenerUids } from './listener-uids.ts';
import { type Halves, PortSplits } from './port-split.ts';
import { type Dump, type DumpContext, newTally, type Source } from './source.ts';
import { netlinkLimits } from './source-limits.ts';

/** IPPROTO_* numbers, which the kernel's diag handlers go by. Raw sockets have one handler for all their protocols. */
const IP_PROTOCOL = { tcp: 6, udp: 17, udplite: 136, raw: 255, unix: 0 } as const;

const PROBE_BYTES = 64 << 20;

/** Reads sockets from the kernel's NETLINK_SOCK_DIAG, through the addon. */
export function createNetlinkSource(binding: NativeBinding, proc: ProcRoot = new ProcRoot()): Source {
  const splits = new PortSplits();
  const remembered = new Map<ProtocolName, Promise<Support>>();
  return {
    name: 'netlink',
    probe(protocol) {
      const known = remembered.get(protocol);
      if (known !== undefined) return known;
      // In a turn of its own: the first time all of its code is compiled.
      const asked = nextTurn()
        .then(() => probe(binding, protocol))
        .then((support) => {
          if (support.verdict === 'unknown') remembered.delete(protocol);
          return support;
        });
      remembered.set(protocol, asked);
      return asked;
    },
    limits: (protocol) => netlinkLimits(protocol, proc),
    read(dump, context) {
      const halves = splits.halvesFor(dump, context);
      const rows = wantsListenerUids(dump)
        ? withListenerUids(dump, context, {
            read: (part, lent) => readRows(binding, part, lent, part.anyOrder ? halves : undefined),
            listenersFirst: halves === undefined,
          })
        : readRows(binding, dump, context, halves);
      return splits.learn(dump, context, rows);
    },
  };
}

function readRows(
  binding: NativeBinding,
  dump: Dump,
  context: DumpContext,
  halves?: Halves,
): AsyncGenerator<Batch, void, undefined> {
  const request = toNative(dump, context, halves);
  return nativeBatches({
    start: (wake) => binding.startDump(request, wake),
    subject: dump.protocol,
    signal: context.signal,
    tally: context.tally,
    turn: context.turn,
  });
}

function toNative(
  { protocol, families, states, columns, bytecode }: Dump,
  context: DumpContext,
  halves: Halves | undefined,
): NativeDumpRequest {
  return {
    kind: protocol === 'unix' ? 'unix' : 'inet',
    ipProtocol: IP_PROTOCOL[protocol],
    families: families.map((family) => Family[family]),
    states,
    columns,
    bytecode,
    halves,
    threads: context.threads,
    priority: context.priority,
    maxBytes: context.maxBytes,
  };
}

/**
 * Asks for listeners, the cheapest question there is: TCP has them in a table of their own, of the other protocols the
 * kernel looks at every socket and tells of few (0.1 µs a socket).
 */
async function probe(binding: NativeBinding, protocol: ProtocolName): Promise<Support> {
  const dump: Dump = {
    protocol,
    families: protocol === 'unix' ? ['unix'] : ['inet', 'inet6'],
    states: 1 << State.listen,
    columns: columnSet(['state']),
  };
  const signal = new AbortController().signal;
  try {
    for await (const _ of readRows(binding, dump, {
      signal,
      threads: 1,
      maxBytes: PROBE_BYTES,
      tally: newTally(),
      turn: new Turn(),
    }));
    return { verdict: 'yes' };
  } catch (error) {
    return supportOf(error);
  }
}

/** A kernel that refuses for good is a `no`; a machine short of something may answer another time. */
function supportOf(error: unknown): Support {
  if (!(error instanceof SockscopeError)) return { verdict: 'unknown', reason: String(error) };
  const verdict = error.code === 'ERR_SOURCE_UNAVAILABLE' ? 'no' : 'unknown';
  return { verdict, reason: error.reason, errno: error.errno, remedy: error.remedy, needs: error.needs };
}
