import type { Scenario } from '../contract.ts';
import { busybox, catProcfs, drainDump, drainDumpAfterNode, netstat, ss } from '../subjects/programs.ts';
import {
  listing,
  netlinkScan,
  netlinkScanAgain,
  netlinkScanAlone,
  netlinkTurns,
  procfsListing,
  procfsScan,
  procfsTurns,
  typeScriptListing,
  typeScriptScan,
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
    typeScriptScan,
    listing,
    ss,
    netstat,
    busybox,
    procfsListing,
    typeScriptListing,
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
    { subject: typeScriptScan, figure: 'scanMs' },
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
      atMost: 0.45,
      floor: { subject: drainDumpAfterNode, figure: wall },
    },
    {
      what: 'CPU of `sockscope -tan` to that of `ss -tanH`',
      of: { subject: listing, figure: 'cpuMs' },
      to: { subject: ss, figure: 'cpuMs' },
      atMost: 0.7,
      floor: { subject: drainDumpAfterNode, figure: 'cpuMs' },
    },
    {
      what: '`sockscope -tan` to `netstat -tan`',
      headline: true,
      of: { subject: listing, figure: wall },
      to: { subject: netstat, figure: wall },
      atMost: 0.22,
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
      atMost: 2,
      sockets: 500_000,
    },
    {
      what: 'memory of `sockscope -tan`, MB',
      of: { subject: listing, figure: 'rssMb' },
      atMost: 80,
      sockets: 500_000,
    },
  ],
};
