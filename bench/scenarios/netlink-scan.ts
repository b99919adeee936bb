import type { Goal, Scenario, Subject } from '../contract.ts';
import { scanMemory, warmScan2, warmScanAlone, warmScanSplit } from '../subjects/netlink-scan.ts';
import { drainDump } from '../subjects/programs.ts';
import { netlinkTurns } from '../subjects/sockscope.ts';

/** The ways to read one table, by a host that has read it before. */
export const netlinkScan: Scenario = {
  name: 'netlink-scan',
  title: 'established TCP sockets over IPv4, read into columns',
  rows: (sockets) => sockets,
  subjects: [drainDump, warmScanAlone, warmScan2, warmScanSplit, netlinkTurns, scanMemory],
  inside: [
    { subject: drainDump, figure: 'ms' },
    ...[warmScanAlone, warmScan2, warmScanSplit].flatMap((subject) =>
      ['p50Ms', 'minMs'].map((figure) => ({ subject, figure })),
    ),
    { subject: netlinkTurns, figure: 'longestTurnMs' },
    { subject: scanMemory, figure: 'bytesPerRow' },
  ],
  goals: [
    toDrain('scan() with one thread', warmScanAlone, 1.1),
    toDrain("a scan with two threads in the kernel's order", warmScan2, 1.03),
    toDrain('scan() split by ports over two threads', warmScanSplit, 0.72),
    {
      what: 'longest turn of the event loop during scan(), ms',
      of: { subject: netlinkTurns, figure: 'longestTurnMs' },
      atMost: 2,
    },
    {
      what: 'largest resident set of scan() over an empty process, bytes a row',
      of: { subject: scanMemory, figure: 'bytesPerRow' },
      atMost: 110,
      sockets: 500_000,
    },
  ],
};

function toDrain(what: string, subject: Subject, atMost: number): Goal {
  return {
    what: `${what} to draining the dump`,
    of: { subject, figure: 'p50Ms' },
    to: { subject: drainDump, figure: 'ms' },
    atMost,
  };
}
