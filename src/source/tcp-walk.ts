import { readFileSync } from 'node:fs';
import { errorName } from '../addon/dump-failure.ts';
import { nativeBatches } from '../addon/native-batches.ts';
import type { NativeBinding } from '../addon/native-binding.ts';
import { SockscopeError } from '../errors.ts';
import type { ProcRoot } from '../proc/proc-root.ts';
import { Family } from '../socket/family.ts';
import { State } from '../socket/state.ts';
import type { Batch } from '../table/batch.ts';
import type { PassedOver } from '../table/report.ts';
import { columnSet } from '../table/schema.ts';
import { type Dump, type DumpContext, newTally, type Source } from './source.ts';

const IPPROTO_TCP = 6;

/** What the walk tells. */
const COLUMNS = columnSet([
  'protocol',
  'family',
  'state',
  'localAddress',
  'remoteAddress',
  'localPort',
  'remotePort',
  'recvQ',
  'sendQ',
]);

/** What reports call it. */
const NAME = 'bpf';

/** Sockets that make up for the loading of the program: milliseconds, against 0.6 µs a socket by netlink. */
const FEWEST_SOCKETS = 50_000;

/**
 * A netlink source that has a BPF program walk the kernel's TCP tables instead, where there are many sockets, no more is
 * asked than the program tells, and it may be loaded. Same order, a quarter of the time, and the same rows of a host at
 * rest; where sockets come and go neither is a picture of one moment: netlink keeps a bucket still while it reads it, the
 * walk does not, and may miss a socket that becomes another object meanwhile, such as a TIME_WAIT. Where a walk fails
 * before its first row netlink is asked, and the report says why; a refusal that would come again is remembered.
 */
export function withTcpWalk(netlink: Source, binding: NativeBinding, proc: ProcRoot): Source {
  let refusal: Failure | undefined;
  return {
    name: netlink.name,
    probe: (protocol) => netlink.probe(protocol),
    limits: (protocol) => netlink.limits?.(protocol) ?? [],
    largeBy: (protocol) =>
      protocol === 'tcp' && refusal === undefined && binding.mayUseBpf() ? NAME : undefined,
    async *read(dump, context) {
      if (isWalkable(dump) && tcpSockets(proc) >= FEWEST_SOCKETS && binding.mayUseBpf()) {
        const failure = refusal ?? (yield* tryWalk(binding, dump, context));
        if (failure === undefined) return;
        if (failure.isLasting) refusal = failure;
        context.tally.passedOver = failure.passedOver;
      }
      yield* netlink.read(dump, context);
    },
  };
}

/**
 * Listeners alone take microseconds by netlink, what its bytecode leaves out need not be carried here, and sockets that
 * are bound and no more are in another table.
 */
export function isWalkable({ protocol, states, columns, bytecode }: Dump): boolean {
  if (protocol !== 'tcp' || bytecode !== undefined || (columns & ~COLUMNS) !== 0) return false;
  return (states & ~(1 << State.listen)) !== 0 && (states & (1 << State['bound-inactive'])) === 0;
}

/** Why a walk gave no row. */
interface Failure {
  readonly passedOver: PassedOver;
  /** Another try would end the same way. */
  readonly isLasting: boolean;
}

/** Throws what is no failure of the walk's own, or comes after a row. */
async function* tryWalk(
  binding: NativeBinding,
  dump: Dump,
  context: DumpContext,
): AsyncGenerator<Batch, Failure | undefined, undefined> {
  const { signal, tally } = context;
  tally.source = NAME;
  try {
    yield* walk(binding, dump, context);
    return undefined;
  } catch (error) {
    if (!(error instanceof SockscopeError) || tally.rows > 0 || signal.aborted) throw error;
    Object.assign(tally, newTally(), { source: undefined });
    return failureOf(error);
  }
}

/** Remedies of the error are for netlink. */
function failureOf({ code, syscall, reason, errno }: SockscopeError): Failure {
  const isLasting = code === 'ERR_SOURCE_UNAVAILABLE';
  const answer = errno === undefined ? 'this kernel cannot' : errorName(errno);
  const words = isLasting && syscall !== undefined ? `${syscall}: ${answer}` : reason;
  return { passedOver: { source: NAME, reason: words, errno }, isLasting };
}

function walk(
  binding: NativeBinding,
  { families, states, columns }: Dump,
  { threads, priority, maxBytes, signal, tally, turn }: DumpContext,
): AsyncGenerator<Batch, void, undefined> {
  const request = {
    kind: 'inet',
    ipProtocol: IPPROTO_TCP,
    families: families.map((family) => Family[family]),
    states,
    columns,
    bytecode: undefined,
    threads,
    priority,
    maxBytes,
  } as const;
  const start = (wake: () => void) => binding.startTcpWalk(request, wake);
  return nativeBatches({ start, subject: 'tcp', signal, tally, turn });
}

/** Of this network namespace, TIME_WAIT included; 0 where it does not tell. */
function tcpSockets(proc: ProcRoot): number {
  const directory = proc.netDirectory();
  const four = /^TCP: inuse (\d+) orphan \d+ tw (\d+)/m.exec(textOf(`${directory}/sockstat`));
  const six = /^TCP6: inuse (\d+)/m.exec(textOf(`${directory}/sockstat6`));
  return [four?.[1], four?.[2], six?.[1]].reduce((sum, count) => sum + Number(count ?? 0), 0);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
