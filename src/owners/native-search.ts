import type {
  NativeBinding,
  NativeOwners,
  NativeOwnersEnd,
  NativeOwnersRequest,
} from '../addon/native-binding.ts';
import type { OwnerTally } from '../table/report.ts';
import { ownerFailure } from './owner-failure.ts';
import type { OwnerContext, OwnerIndex, OwnerQuestion } from './owner-scan.ts';

const MOST_THREADS = 64;

/** By what is searched. */
export type NativeMeans = Pick<NativeOwnersRequest, 'scan' | 'procRoot' | 'bpf' | 'path'>;

/**
 * One search by the addon. An abort ends it at once; while it runs it keeps the event loop alive.
 * Rejects with `context.signal.reason` on abort, and with a SockscopeError when it fails.
 */
export async function searchOwners(
  binding: NativeBinding,
  means: NativeMeans,
  question: OwnerQuestion,
  context: OwnerContext,
): Promise<OwnerIndex> {
  context.signal.throwIfAborted();
  const bell = new Bell();
  const owners = binding.startOwners(toNative(means, question, context), bell.ring);
  try {
    if (owners.end() === undefined) await beforeAbort(bell.rung, context.signal);
  } catch (error) {
    owners.cancel();
    throw error;
  }
  return indexOf(owners, means);
}

/** What a native thread rings at its end, before or after somebody waits for it. */
export class Bell {
  readonly ring: () => void;
  readonly rung: Promise<void>;

  constructor() {
    let ring!: () => void;
    this.rung = new Promise((resolve) => {
      ring = resolve;
    });
    this.ring = ring;
  }
}

/** What the promise gives, or the signal's reason where that comes first. Lets go of the signal once it is settled. */
export async function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stopListening = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    stopListening = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stopListening();
  }
}

function toNative(means: NativeMeans, question: OwnerQuestion, context: OwnerContext): NativeOwnersRequest {
  return {
    ...means,
    lowest: question.holders === 'lowest',
    wanted: question.wanted,
    slots: means.scan === 'procfd' ? question.slots : undefined,
    share: means.scan === 'procfd' ? question.share : undefined,
    except: means.scan === 'procfd' ? question.except : undefined,
    leadersOnly: question.leadersOnly ?? false,
    threads: Math.min(Math.max(context.threads, 1), MOST_THREADS),
    priority: context.priority,
    maxBytes: context.maxBytes,
  };
}

function indexOf(owners: NativeOwners, { scan }: NativeMeans): OwnerIndex {
  const end = owners.end();
  if (end === undefined) throw new TypeError(`the search by ${scan} woke up before its end`);
  const failure = ownerFailure(end, scan);
  if (failure !== undefined) throw failure;
  return { tally: tallyOf(end), starts: startsOf(owners), find: (inodes) => owners.find(inodes) };
}

function tallyOf(end: NativeOwnersEnd): OwnerTally {
  const { processes, vanished, denied, unopened, descriptors, sockets, threads } = end;
  return { processes, vanished, denied, unopened, descriptors, sockets, threads };
}

function startsOf(owners: NativeOwners): ReadonlyMap<number, number> {
  const pairs = owners.processes();
  const starts = new Map<number, number>();
  for (let at = 0; at < pairs.length; at += 2) starts.set(pairs[at]!, pairs[at + 1]!);
  return starts;
}
