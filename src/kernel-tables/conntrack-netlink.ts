import { errorName } from '../addon/dump-failure.ts';
import type { NativeBinding, NativeConntrack, NativeConntrackEnd } from '../addon/native-binding.ts';
import { MORE_MEMORY } from '../exhaustion.ts';
import { MORE_THREADS, type Needs, need } from '../need.ts';
import type { PassedOver } from '../table/report.ts';
import type { Turn } from '../turn.ts';
import { tooLarge } from './conntrack-text.ts';
import { NatRecords } from './nat-record.ts';
import type { NatReading } from './nat-table.ts';

export interface NetlinkLimits {
  /** What the records may take. While they are read something more than a third of it is needed beside them. */
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly turn: Turn;
}

/**
 * Reads the connections under NAT of this process's network namespace through ctnetlink; or says why that is not
 * possible. Throws the signal's reason on abort, and an ERR_TOO_LARGE.
 */
export async function readCtnetlink(
  binding: Pick<NativeBinding, 'startConntrack'>,
  { maxBytes, signal, turn }: NetlinkLimits,
): Promise<NatReading | PassedOver> {
  return ask<NatReading | PassedOver>(binding, maxBytes, signal, (native, end) => {
    if (end.status === 'too-large') throw tooLarge();
    return end.status === 'ok' ? take(native, end, { signal, turn }) : passedOver(end);
  });
}

/**
 * Why ctnetlink does not answer; undefined where it does. Reads the first datagram of the answer, however long the table
 * is. Throws the signal's reason on abort.
 */
export async function probeCtnetlink(
  binding: Pick<NativeBinding, 'startConntrack'>,
  signal: AbortSignal | undefined,
): Promise<Omit<PassedOver, 'source'> | undefined> {
  try {
    return await ask(binding, 0, signal, (_, end) =>
      end.status === 'ok' || end.status === 'too-large' ? undefined : passedOver(end),
    );
  } catch (error) {
    signal?.throwIfAborted();
    return { reason: String(error) };
  }
}

/** Asks, and gives what is made of the answer. Throws the signal's reason on abort. */
async function ask<T>(
  binding: Pick<NativeBinding, 'startConntrack'>,
  maxBytes: number,
  signal: AbortSignal | undefined,
  use: (native: NativeConntrack, end: NativeConntrackEnd) => T | Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  let wake = (): void => {};
  const ended = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const native = binding.startConntrack(maxBytes, wake);
  const onAbort = (): void => {
    native.cancel();
    wake();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (native.end() === undefined) await ended;
    signal?.throwIfAborted();
    const end = native.end();
    if (end === undefined) throw new TypeError('the reading of ctnetlink woke up before its end');
    return await use(native, end);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    native.cancel();
  }
}

async function take(
  native: NativeConntrack,
  end: NativeConntrackEnd,
  { signal, turn }: Omit<NetlinkLimits, 'maxBytes'>,
): Promise<NatReading> {
  const records = new NatRecords();
  for (;;) {
    await turn.taken();
    // An abort drops the batches that wait: the next one would seem to be none.
    signal?.throwIfAborted();
    const batch = native.take();
    if (batch === undefined) break;
    records.addBatch(batch);
  }
  if (records.length !== end.records) throw new TypeError('records of ctnetlink are missing');
  const { malformed, duplicates, interrupted } = end;
  return { records, malformed, duplicates, interrupted };
}

const EPERM = 1;
const ENOENT = 2;
const EACCES = 13;
const EINVAL = 22;
const EPROTONOSUPPORT = 93;
const EAFNOSUPPORT = 97;

const ABSENT = [ENOENT, EINVAL, EPROTONOSUPPORT];
const FORBIDDEN = [EPERM, EACCES, EAFNOSUPPORT];

function passedOver({ status, operation, errno }: NativeConntrackEnd): PassedOver {
  const because = (reason: string, remedy?: string, needs?: Needs): PassedOver => ({
    source: 'ctnetlink',
    reason,
    errno: errno || undefined,
    remedy,
    needs,
  });
  const said = errno === 0 ? operation : `${operation}: ${errorName(errno)}`;
  switch (status) {
    case 'refused':
      if (errno === EPERM)
        return because('it takes CAP_NET_ADMIN', PERMISSION, need('capability', 'CAP_NET_ADMIN'));
      break;
    case 'system':
      if (FORBIDDEN.includes(errno))
        return because(said, 'allow AF_NETLINK in the sandbox', need('seccomp', 'socket(AF_NETLINK)'));
      break;
    case 'no-thread': {
      const { remedy, needs } = MORE_THREADS;
      return because(`a thread cannot be started: ${errorName(errno)}`, remedy, needs);
    }
    case 'no-memory':
      return because('out of memory', MORE_MEMORY.remedy, MORE_MEMORY.needs);
    case 'truncated':
    case 'malformed':
      return because("the kernel's reply cannot be followed", 'try again');
  }
  if (ABSENT.includes(errno)) {
    return because(
      `the kernel has no ctnetlink (${said})`,
      'load the module nf_conntrack_netlink',
      need('kernel', 'nf_conntrack_netlink'),
    );
  }
  return because(said, 'try again');
}

const PERMISSION = 'run as root, or with CAP_NET_ADMIN over the network namespace';
