import type { Scenario } from '../contract.ts';
import { busybox, netstat, ss } from '../subjects/programs.ts';
import { listing, netlinkScan, procfsListing, typeScriptListing } from '../subjects/sockscope.ts';
import {
  addonOver,
  emptyModule,
  emptyNode,
  imported,
  importOver,
  openedHost,
  startUp,
  startUpOwners,
  startUpProcfs,
} from '../subjects/start-up.ts';

const differences = [addonOver, startUp, startUpProcfs, startUpOwners, importOver];

/** What it takes to begin: with ten sockets there is hardly anything else. */
export const coldStart: Scenario = {
  name: 'start-up',
  title: 'established TCP sockets over IPv4, and what it takes to begin',
  sockets: 10,
  rows: (sockets) => sockets,
  subjects: [
    emptyNode,
    listing,
    procfsListing,
    typeScriptListing,
    ss,
    netstat,
    busybox,
    emptyModule,
    imported,
    netlinkScan,
    openedHost,
    ...differences,
  ],
  inside: [
    { subject: netlinkScan, figure: 'scanMs' },
    ...differences.flatMap((subject) =>
      ['overMs', 'overCpuMs', 'baseMs', 'baseCpuMs'].map((figure) => ({ subject, figure })),
    ),
  ],
  goals: [
    {
      what: '`sockscope -tan` over `node -e 0`, ms',
      headline: true,
      of: { subject: startUp, figure: 'overMs' },
      atMost: 4,
    },
  ],
};
