import { dirname } from 'node:path';
import { errorName } from '../addon/dump-failure.ts';
import type { NativeBinding } from '../addon/native-binding.ts';
import { SockscopeError } from '../errors.ts';
import { MOUNT_TABLES, type Needs, need } from '../need.ts';
import { allowReading, FORBIDDEN_REASON, isForbidden, mayExist, presence } from '../permission.ts';
import { requireReadable } from '../proc/kernel-file.ts';
import type { Ability, PassedOver } from '../table/report.ts';
import { Turn } from '../turn.ts';
import { probeCtnetlink, readCtnetlink } from './conntrack-netlink.ts';
import { readConntrack } from './conntrack-text.ts';
import { NatTable } from './nat-table.ts';
import type { TableFiles } from './table-file.ts';

export interface NatQuestion {
  /** The directory of the network tables, such as `/proc/net`. */
  readonly netDirectory: string;
  /** The addon; undefined where there is none, or where netlink is not to be asked. */
  readonly binding: Pick<NativeBinding, 'startConntrack'> | undefined;
  /** Why there is no addon, where that is why. */
  readonly lack?: Obstacle | undefined;
  /** Whether `netDirectory` is of this process's own network namespace, the only one that netlink answers for. */
  readonly isOwnNamespace: boolean;
  /** Whether the text may be read. Default: true. */
  readonly text?: boolean | undefined;
  /**
   * What the table may take; while netlink is read, something more than a third of it is needed beside it. Default: 1
   * GiB, some eight million entries.
   */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What the reading may take of the event loop. Default: one of its own. */
  readonly turn?: Turn | undefined;
  /** How the text is read. Default: on this thread. */
  readonly files?: TableFiles | undefined;
}

const DEFAULT_MAX_BYTES = 2 ** 30;

/** Of this process's own network namespace, like what netlink answers; there wherever nf_conntrack is loaded. */
const CONNTRACK_COUNT = '/proc/sys/net/netfilter/nf_conntrack_count';

/**
 * The connections under NAT: through ctnetlink, else from /proc/net/nf_conntrack. A kernel that does not track
 * connections is not asked to, since a question alone may load its modules. Throws an ERR_SOURCE_UNAVAILABLE where
 * neither can be read (its errno is EPERM or EACCES where one may not be read), an ERR_TOO_LARGE, and the signal's
 * reason on abort.
 */
export async function readNatEntries(question: NatQuestion): Promise<NatTable> {
  const { maxBytes = DEFAULT_MAX_BYTES, signal, turn = new Turn(), files } = question;
  const limits = { maxBytes, signal, turn, files };
  const better: PassedOver[] = [];
  const obstacle = obstacleOf(question);
  if (obstacle === undefined) {
    const answer = await readCtnetlink(question.binding!, limits);
    if ('records' in answer) return new NatTable('ctnetlink', better, answer);
    better.push(answer);
  } else {
    better.push({ source: 'ctnetlink', ...obstacle });
  }
  if (question.text === false) throw unavailable(better);
  try {
    return new NatTable('nf_conntrack', better, await readConntrack(question.netDirectory, limits));
  } catch (error) {
    throw unavailable([...better, unreadable(error, question.netDirectory)]);
  }
}

/** Whether it is certain that the kernel tracks no connections, of any network namespace: then none are translated. */
function isUntracked(netDirectory: string): boolean {
  const isVisible = mayExist('/proc/sys/net') && mayExist(netDirectory);
  return isVisible && !mayExist(CONNTRACK_COUNT) && !mayExist(`${netDirectory}/nf_conntrack`);
}

/** What `readNatEntries` would read the table from, without reading it. Throws the signal's reason on abort, nothing else. */
export async function natAbility(question: NatQuestion): Promise<Ability> {
  const better: PassedOver[] = [];
  const nothing = { source: 'none', better, limits: [], absent: false };
  try {
    const refusal = obstacleOf(question) ?? (await probeCtnetlink(question.binding!, question.signal));
    if (refusal === undefined) return { ...nothing, source: 'ctnetlink' };
    better.push({ source: 'ctnetlink', ...refusal });
    if (question.text === false) return nothing;
    requireReadable(`${question.netDirectory}/nf_conntrack`);
    return { ...nothing, source: 'nf_conntrack' };
  } catch (error) {
    question.signal?.throwIfAborted();
    better.push(unreadable(error, question.netDirectory));
    return { ...nothing, absent: !isForbidden(error) && isUntracked(question.netDirectory) };
  }
}

type Obstacle = Pick<PassedOver, 'reason' | 'remedy' | 'needs'>;

const UNTRACKED: Obstacle = {
  reason: 'the kernel tracks no connections: nf_conntrack is not loaded',
  remedy: 'load the module nf_conntrack',
  needs: need('kernel', 'nf_conntrack'),
};

/** Why ctnetlink is not even asked. */
function obstacleOf({ binding, lack, isOwnNamespace, netDirectory }: NatQuestion): Obstacle | undefined {
  if (binding === undefined) return lack ?? { reason: 'netlink is not used' };
  if (!isOwnNamespace) {
    return {
      reason: `netlink answers for this process's network namespace, and ${netDirectory} may be of another`,
      remedy: 'run in the network namespace of the host',
      needs: need('namespace', 'network'),
    };
  }
  const signs = [CONNTRACK_COUNT, `${netDirectory}/nf_conntrack`].map((path) => ({
    path,
    is: presence(path),
  }));
  if (signs.some(({ is }) => is === 'there')) return undefined;
  const kept = signs.find(({ is }) => is === 'kept');
  if (kept !== undefined) return { reason: FORBIDDEN_REASON, ...allowReading(dirname(kept.path), true) };
  return mayExist(netDirectory) ? UNTRACKED : noTables(netDirectory);
}

const EPERM = 1;
const ENOENT = 2;
const EACCES = 13;

function noTables(netDirectory: string): Obstacle {
  return {
    reason: `there is no ${netDirectory}`,
    ...MOUNT_TABLES,
  };
}

/** What an error of the file system means; throws any other. */
function unreadable(error: unknown, netDirectory: string): PassedOver {
  const { errno, syscall } = error as NodeJS.ErrnoException;
  if (isForbidden(error)) {
    return {
      source: 'nf_conntrack',
      reason: FORBIDDEN_REASON,
      ...allowReading(netDirectory, true),
    };
  }
  if (errno === undefined) throw error;
  const path = `${netDirectory}/nf_conntrack`;
  const number = -errno;
  if (number === ENOENT && !mayExist(netDirectory)) {
    return { source: 'nf_conntrack', errno: ENOENT, ...noTables(netDirectory) };
  }
  const remedies: Record<number, string> = {
    [ENOENT]: 'load the module nf_conntrack',
    [EACCES]: 'run as root, or with CAP_DAC_READ_SEARCH',
  };
  const needs: Record<number, Needs> = {
    [ENOENT]: need('kernel', 'nf_conntrack'),
    [EACCES]: need('capability', 'CAP_DAC_READ_SEARCH'),
  };
  const reason = number === ENOENT ? `there is no ${path}` : `${syscall} ${path}: ${errorName(number)}`;
  return { source: 'nf_conntrack', reason, errno: number, remedy: remedies[number], needs: needs[number] };
}

/**
 * Unlike with sockets, whose text is what netstat opens and whose last source therefore says what counts, the way is the
 * first source's: ctnetlink is always a way where connections are tracked, and many kernels have no text.
 */
function unavailable(passedOver: readonly PassedOver[]): SockscopeError {
  const reasons = passedOver.map(({ source, reason }) => `${source}: ${reason}`).join('; ');
  const errnos = passedOver.flatMap(({ errno }) => errno ?? []);
  const way = passedOver.find(({ remedy }) => remedy !== undefined);
  return new SockscopeError('ERR_SOURCE_UNAVAILABLE', reasons, {
    operation: 'read the NAT table',
    // What can be had by permission comes first.
    errno: errnos.find((errno) => errno === EPERM || errno === EACCES) ?? errnos[0],
    remedy: way?.remedy,
    needs: way?.needs,
  });
}
