import type { Figure, Goal, Scenario, Subject } from '../contract.ts';
import { dumpThenWalkBpf, dumpThenWalkFd } from '../subjects/owner-limits.ts';
import { besideTenth, figuresOf, type Pair, subjectsOf, wallPerSocket } from '../subjects/share.ts';
import { bpfListing, bpfScan, procfdListing, procfdScan } from '../subjects/sockscope-owners.ts';

const limits = { bpf: besideTenth(dumpThenWalkBpf), procfd: besideTenth(dumpThenWalkFd) };
const listings = { bpf: besideTenth(bpfListing), procfd: besideTenth(procfdListing) };
const scans = { bpf: besideTenth(bpfScan), procfd: besideTenth(procfdScan) };
const pairs = [limits, listings, scans].flatMap(({ bpf, procfd }) => [bpf, procfd]);

/** What a socket costs where there are ten times as many. The kernel's own share grows, too: caches are what they are. */
export const ownersGrowth: Scenario = {
  name: 'owners-growth',
  title: 'established TCP sockets over IPv4 and a tenth of them, with their owners',
  processes: 40,
  mostRuns: 3,
  rows: (sockets) => sockets,
  subjects: subjectsOf(pairs),
  inside: [
    ...[limits, listings].flatMap(({ bpf, procfd }) => figuresOf([bpf, procfd], wallPerSocket)),
    ...figuresOf([scans.bpf, scans.procfd], scanPerSocket),
  ],
  goals: [
    growth('`sockscope -tanp` by BPF', listings.bpf, wallPerSocket, limits.bpf),
    growth('`sockscope -tanp` by procfd', listings.procfd, wallPerSocket, limits.procfd),
    growth('scan() with owners by BPF', scans.bpf, scanPerSocket, limits.bpf),
    growth('scan() with owners by procfd', scans.procfd, scanPerSocket, limits.procfd),
  ],
};

function scanPerSocket(subject: Subject): Figure {
  return { subject, figure: 'scanUsPerSocket' };
}

function growth(what: string, of: Pair, figure: (subject: Subject) => Figure, limit: Pair): Goal {
  return {
    what: `${what}, a socket's cost to that with a tenth of the sockets`,
    of: figure(of.all),
    to: figure(of.few),
    atMost: 1.15,
    floor: wallPerSocket(limit.all),
    floorTo: wallPerSocket(limit.few),
    sockets: 500_000,
  };
}
