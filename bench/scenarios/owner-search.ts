import type { Scenario } from '../contract.ts';
import { ownersAlone, ownersTypeScript } from '../subjects/asking.ts';
import { walkBpf, walkFd, walkFdByTwo } from '../subjects/owner-limits.ts';

const limits = [walkBpf, walkFd, walkFdByTwo];

/** The search for owners without the sockets, beside the walks in C. */
export const ownerSearch: Scenario = {
  name: 'owner-search',
  title: 'established TCP sockets over IPv4, whose owners alone are looked for',
  processes: 40,
  mostSockets: 200_000,
  mostRuns: 3,
  rows: (sockets) => sockets,
  subjects: [
    ...limits,
    ownersAlone('bpf', 1),
    ownersAlone('procfd', 1),
    ownersAlone('procfd', 2),
    ownersTypeScript,
  ],
  inside: limits.map((subject) => ({ subject, figure: 'ms' })),
  goals: [],
};
