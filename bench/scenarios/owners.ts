import type { Figure, Goal, Scenario, Subject } from '../contract.ts';
import {
  dumpBesideWalkBpf,
  dumpBesideWalkFd,
  dumpThenWalkBpf,
  dumpThenWalkFd,
  walkBpf,
  walkFd,
  walkFdByTwo,
} from '../subjects/owner-limits.ts';
import {
  lsof,
  netstatOwners,
  nodeNetstat,
  psutil,
  ssOwners,
  systeminformation,
} from '../subjects/owner-programs.ts';
import { drainDump } from '../subjects/programs.ts';
import {
  bpfListing,
  listingWithoutOwners,
  procfdListing,
  procfdTextListing,
  typeScriptOwnersListing,
} from '../subjects/sockscope-owners.ts';

/** What all goals are meant for. */
const sockets = 500_000;

/** Who holds each connection: the command beside the floor and beside the programs that can tell. */
export const owners: Scenario = {
  name: 'owners',
  title: 'established TCP sockets over IPv4, with their owners',
  processes: 40,
  rows: (held) => held,
  subjects: [
    drainDump,
    walkBpf,
    walkFd,
    walkFdByTwo,
    dumpThenWalkBpf,
    dumpThenWalkFd,
    dumpBesideWalkBpf,
    dumpBesideWalkFd,
    listingWithoutOwners,
    bpfListing,
    procfdListing,
    procfdTextListing,
    typeScriptOwnersListing,
    psutil,
    lsof,
    ssOwners,
    netstatOwners,
    systeminformation,
    nodeNetstat,
  ],
  inside: [drainDump, walkBpf, walkFd, walkFdByTwo].map((subject) => ({ subject, figure: 'ms' })),
  goals: [
    {
      what: '`sockscope -tanp` by BPF, ms',
      of: wall(bpfListing),
      atMost: 900,
      floor: wall(dumpBesideWalkBpf),
      sockets,
    },
    {
      what: '`sockscope -tanp` by procfd, ms',
      of: wall(procfdListing),
      atMost: 1900,
      floor: wall(dumpBesideWalkFd),
      sockets,
    },
    cpuToLimit('by BPF', bpfListing, dumpThenWalkBpf, dumpBesideWalkBpf),
    cpuToLimit('by procfd', procfdListing, dumpThenWalkFd, dumpBesideWalkFd),
    timesSlower('psutil', psutil, 8),
    timesSlower('`lsof`', lsof, 10),
    timesSlower('`ss -tanpH`', ssOwners, 100),
    timesSlower('`netstat -tanp`', netstatOwners, 100),
    memory('by BPF', bpfListing),
    memory('by procfd', procfdListing),
  ],
};

function wall(subject: Subject): Figure {
  return { subject, figure: 'wallMs' };
}

function cpuToLimit(words: string, subject: Subject, limit: Subject, floor: Subject): Goal {
  return {
    what: `CPU of \`sockscope -tanp\` ${words} to drain and walk in C`,
    headline: true,
    of: { subject, figure: 'cpuMs' },
    to: { subject: limit, figure: 'cpuMs' },
    atMost: 1.15,
    floor: { subject: floor, figure: 'cpuMs' },
    sockets,
  };
}

function timesSlower(words: string, subject: Subject, atLeast: number): Goal {
  const what = `${words} to \`sockscope -tanp\` by BPF`;
  return { what, of: wall(subject), to: wall(bpfListing), atLeast, sockets, headline: true };
}

function memory(words: string, subject: Subject): Goal {
  return {
    what: `memory of \`sockscope -tanp\` ${words}, MB`,
    of: { subject, figure: 'rssMb' },
    atMost: 150,
    sockets,
  };
}
