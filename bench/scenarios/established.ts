import type { Scenario } from '../contract.ts';
import { catProcfs, drainDump, drainDumpAfterNode, netstat, ss } from '../subjects/programs.ts';
import {
  listing,
  netlinkScan,
  netlinkScanAgain,
  netlinkScanAlone,
  netlinkTurns,
  procfsListing,
  procfsScan,
  procfsTurns,
} from '../subjects/sockscope.ts';

const wall = 'wallMs';

/** A busy server's table: established connections and nothing else. */
export const established: Scenario = {
  name: 'established',
  title: 'established TCP sockets over IPv4',
  rows: (sockets) => sockets,
  subjects: [
    drainDump,
    drainDumpAfterNode,
    netlinkScan,
    netlinkScanAgain,
    netlinkScanAlone,
    procfsScan,
    listing,
    ss,
    netstat,
    procfsListing,
    catProcfs,
    netlinkTurns,
    procfsTurns,
  ],
  inside: [
    { subject: drainDump, figure: 'ms' },
    { subject: netlinkScan, figure: 'scanMs' },
    { subject: netlinkScanAgain, figure: 'scanMs' },
    { subject: netlinkScanAlone, figure: 'scanMs' },
    { subject: procfsScan, figure: 'scanMs' },
    ...[netlinkTurns, procfsTurns].flatMap((subject) =>
      ['longestTurnMs', 'activeMs', 'noiseMs'].map((figure) => ({ subject, figure })),
    ),
  ],
  goals: [
    {
      what: 'scan() to draining the dump',
      headline: true,
      of: { subject: netlinkScan, figure: 'scanMs' },
      to: { subject: drainDump, figure: 'ms' },
      atMost: 1.1,
    },
    {
      what: '`sockscope -tan` to `ss -tanH`',
      headline: true,
      of: { subject: listing, figure: wall },
      to: { subject: ss, figure: wall },
      atMost: 0.6,
      floor: { subject: drainDumpAfterNode, figure: wall },
    },
    {
      what: '`sockscope -tan` to `netstat -tan`',
      headline: true,
      of: { subject: listing, figure: wall },
      to: { subject: netstat, figure: wall },
      atMost: 0.3,
      floor: { subject: drainDumpAfterNode, figure: wall },
    },
    {
      what: '`sockscope -tan` by procfs to `cat /proc/net/tcp`',
      of: { subject: procfsListing, figure: wall },
      to: { subject: catProcfs, figure: wall },
      atMost: 1.6,
    },
    {
      what: 'longest turn of the event loop during scan(), ms',
      of: { subject: netlinkTurns, figure: 'longestTurnMs' },
      atMost: 5,
    },
  ],
};
