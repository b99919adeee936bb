import type { Goal, Scenario, Subject } from '../contract.ts';
import { busybox, catProcfs, drainDump, drainDumpAfterNode, netstat, ss } from '../subjects/programs.ts';
import {
  netlinkListing,
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
import { walkListing, walkTcpBpf, walkTcpTable, walkTcpTableAfterNode } from '../subjects/tcp-walk.ts';

/** What the goals are meant for: with fewer sockets Node's start, or the loading of the program, is most of the time. */
const SOCKETS = 500_000;
const wall = 'wallMs';

/** A busy server's table: established connections and nothing else. */
export const established: Scenario = {
  name: 'established',
  title: 'established TCP sockets over IPv4',
  rows: (sockets) => sockets,
  subjects: [
    drainDump,
    drainDumpAfterNode,
    walkTcpTable,
    walkTcpTableAfterNode,
    walkTcpBpf,
    netlinkScan,
    netlinkScanAgain,
    netlinkScanAlone,
    procfsScan,
    typeScriptScan,
    walkListing,
    netlinkListing,
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
    { subject: walkTcpTable, figure: 'ms' },
    { subject: walkTcpBpf, figure: 'ms' },
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
      sockets: SOCKETS,
    },
    ...listingGoals('`sockscope -tan`', walkListing, walkTcpTableAfterNode, 0.22),
    ...listingGoals('`sockscope -tan` by netlink', netlinkListing, drainDumpAfterNode, 0.36),
    {
      what: '`sockscope -tan` by procfs to `cat /proc/net/tcp`',
      of: { subject: procfsListing, figure: wall },
      to: { subject: catProcfs, figure: wall },
      atMost: 1.6,
      sockets: SOCKETS,
    },
    {
      what: 'longest turn of the event loop during scan(), ms',
      of: { subject: netlinkTurns, figure: 'longestTurnMs' },
      atMost: 2,
      sockets: SOCKETS,
    },
  ],
};

/** `ofNetstat`: the part of netstat's time. What a netlink dump takes alone is more than the command by a walk may. */
function listingGoals(name: string, subject: Subject, floor: Subject, ofNetstat: number): Goal[] {
  const of = { subject, figure: wall };
  return [
    {
      what: `${name} to \`ss -tanH\``,
      headline: true,
      of,
      to: { subject: ss, figure: wall },
      atMost: 0.45,
      floor: { subject: floor, figure: wall },
      sockets: SOCKETS,
    },
    {
      what: `${name} to \`netstat -tan\``,
      headline: true,
      of,
      to: { subject: netstat, figure: wall },
      atMost: ofNetstat,
      floor: { subject: floor, figure: wall },
      sockets: SOCKETS,
    },
    {
      what: `CPU of ${name} to that of \`ss -tanH\``,
      of: { subject, figure: 'cpuMs' },
      to: { subject: ss, figure: 'cpuMs' },
      atMost: 0.7,
      floor: { subject: floor, figure: 'cpuMs' },
      sockets: SOCKETS,
    },
    {
      what: `memory of ${name}, MB`,
      of: { subject, figure: 'rssMb' },
      atMost: 80,
      sockets: SOCKETS,
    },
  ];
}
