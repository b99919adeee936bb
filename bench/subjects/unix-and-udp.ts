import type { ScanRequest } from '../../src/index.ts';
import type { Subject } from '../contract.ts';
import { asked } from './asking.ts';
import { psutilOf } from './owner-programs.ts';
import { rowsOfColumns, rowsOfNetstatUnix, rowsOfProcfs, rowsOfProcfsUnix, rowsOfSsUnix } from './rows.ts';
import { lacking } from './scripts.ts';
import { command } from './sockscope.ts';

/** All that list one kind of sockets. */
export interface KindSubjects {
  readonly netlinkListing: Subject;
  readonly procfsListing: Subject;
  readonly netlinkScan: Subject;
  readonly procfsScan: Subject;
  readonly ss: Subject;
  readonly netstat: Subject;
  readonly busybox: Subject;
  readonly psutil: Subject;
  readonly cat: Subject;
}

/** What tells two kinds of sockets apart, for those who list them. */
interface Kind {
  readonly letter: string;
  readonly request: ScanRequest;
  readonly file: string;
  readonly rowsOfNetstat: (stdout: string) => readonly string[];
  readonly rowsOfSs: (stdout: string) => readonly string[];
  readonly rowsOfFile: (stdout: string) => readonly string[];
}

export const unix: KindSubjects = subjectsOf({
  letter: 'x',
  request: { protocols: ['unix'] },
  file: '/proc/net/unix',
  rowsOfNetstat: rowsOfNetstatUnix,
  rowsOfSs: rowsOfSsUnix,
  rowsOfFile: rowsOfProcfsUnix,
});

export const udp: KindSubjects = subjectsOf({
  letter: 'u',
  request: { protocols: ['udp'] },
  file: '/proc/net/udp',
  rowsOfNetstat: rowsOfColumns(2),
  rowsOfSs: rowsOfColumns(0),
  rowsOfFile: rowsOfProcfs,
});

function subjectsOf(kind: Kind): KindSubjects {
  const { letter, request, rowsOfNetstat } = kind;
  const netstat = program(['netstat', `-${letter}an`], rowsOfNetstat);
  const listing = (source: string): Subject => ({
    name: `sockscope -${letter}an, ${source}`,
    command: () => [process.execPath, command, `-${letter}an`],
    environment: { SOCKSCOPE_SOURCE: source },
    rows: rowsOfNetstat,
    sameBytesAs: netstat,
  });
  const [protocol] = request.protocols!;
  return {
    netlinkListing: listing('netlink'),
    procfsListing: listing('procfs'),
    netlinkScan: asked(`host.scan() ${protocol}, netlink, warm`, { host: { source: 'netlink' }, request }),
    procfsScan: asked(`host.scan() ${protocol}, procfs, warm`, { host: { source: 'procfs' }, request }),
    ss: program(['ss', `-${letter}anH`], kind.rowsOfSs),
    netstat,
    busybox: {
      ...program(['busybox', 'netstat', `-${letter}an`], rowsOfNetstat),
      lacks: () => lacking('busybox', ['netstat', '-rn'], 'busybox with netstat'),
    },
    psutil: psutilOf(protocol!, 'all'),
    cat: program(['cat', kind.file], kind.rowsOfFile),
  };
}

function program(words: readonly string[], rows: (stdout: string) => readonly string[]): Subject {
  return { name: words.join(' '), yardstick: true, command: () => words, rows };
}
