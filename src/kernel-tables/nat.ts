import { existsSync } from 'node:fs';
import { errorName } from '../addon/dump-failure.ts';
import type { NativeBinding } from '../addon/native-binding.ts';
import { SockscopeError } from '../errors.ts';
import type { PassedOver } from '../table/report.ts';
import { Turn } from '../turn.ts';
import { readCtnetlink } from './conntrack-netlink.ts';
import { readConntrack } from './conntrack-text.ts';
import { NatTable } from './nat-table.ts';
import type { TableFiles } from './table-file.ts';

export interface NatQuestion {
  /** The directory of the network tables, such as `/proc/net`. */
  readonly netDirectory: string;
  /** The addon; undefined where there is none, or where netlink is not to be asked. */
  readonly binding: Pick<NativeBinding, 'startConntrack'> | undefined;
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

type Obstacle = Pick<PassedOver, 'reason' | 'remedy'>;

/** Why ctnetlink is not even asked. */
function obstacleOf({ binding, isOwnNamespace, netDirectory }: NatQuestion): Obstacle | undefined {
  if (binding === undefined) return { reason: 'netlink is not used' };
  if (!isOwnNamespace) {
    return {
      reason: `netlink answers for this process's network namespace, and ${netDirectory} may be of another`,
      remedy: 'run in the network namespace of the host',
    };
  }
  if (existsSync(CONNTRACK_COUNT) || existsSync(`${netDirectory}/nf_conntrack`)) return undefined;
  return { reason: 'the kernel tracks no connections: nf_conntrack is not loaded' };
}

const EPERM = 1;
const ENOENT = 2;
const EACCES = 13;

/** What an error of the file system means; throws any other. */
function unreadable(error: unknown, netDirectory: string): PassedOver {
  const { errno, syscall } = error as NodeJS.ErrnoException;
  if (errno === undefined) throw error;
  const path = `${netDirectory}/nf_conntrack`;
  const number = -errno;
  const remedies: Record<number, string> = {
    [ENOENT]: 'load the module nf_conntrack',
    [EACCES]: 'run as root, or with CAP_DAC_READ_SEARCH',
  };
  const reason = number === ENOENT ? `there is no ${path}` : `${syscall} ${path}: ${errorName(number)}`;
  return { source: 'nf_conntrack', reason, errno: number, remedy: remedies[number] };
}

function unavailable(passedOver: readonly PassedOver[]): SockscopeError {
  const reasons = passedOver.map(({ source, reason }) => `${source}: ${reason}`).join('; ');
  const errnos = passedOver.flatMap(({ errno }) => errno ?? []);
  return new SockscopeError('ERR_SOURCE_UNAVAILABLE', reasons, {
    operation: 'read the NAT table',
    // What can be had by permission comes first.
    errno: errnos.find((errno) => errno === EPERM || errno === EACCES) ?? errnos[0],
    remedy: passedOver.find(({ remedy }) => remedy !== undefined)?.remedy,
  });
}
