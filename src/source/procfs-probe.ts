import { MOUNT_TABLES } from '../need.ts';
import { mayExist } from '../permission.ts';
import { requireReadable } from '../proc/kernel-file.ts';
import type { ProcRoot } from '../proc/proc-root.ts';
import type { ProtocolName } from '../socket/protocol.ts';
import type { Support } from '../support.ts';
import { openReason, PASSING, positive, wayTo } from './open-table.ts';

/** Opens the table's file. Nothing is remembered: asking again costs microseconds, and a module may be loaded. */
export function probeTable(root: ProcRoot, protocol: ProtocolName): Support {
  const directory = root.netDirectory();
  try {
    requireReadable(`${directory}/${protocol}`);
    return { verdict: 'yes' };
  } catch (error) {
    const { code, errno } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !mayExist(directory)) return noDirectory(directory, errno);
    return {
      verdict: PASSING.includes(code ?? '') ? 'unknown' : 'no',
      reason: `${directory}/${protocol}: ${openReason(error)}`,
      errno: positive(errno),
      ...wayTo(error, directory),
      absent: code === 'ENOENT',
    };
  }
}

function noDirectory(directory: string, errno: number | undefined): Support {
  return {
    verdict: 'no',
    reason: `there is no ${directory}`,
    errno: positive(errno),
    ...MOUNT_TABLES,
    absent: false,
  };
}
