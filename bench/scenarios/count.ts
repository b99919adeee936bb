import type { Scenario } from '../contract.ts';
import { withListeners } from '../load/hold.ts';
import { countByBpf, countByProcfd, netstatCount, psutilCount, ssCount } from '../subjects/counting.ts';

/** How many sockets each program has in each state: the load's are of one program, connected or listening. */
export const count: Scenario = {
  name: 'count',
  title: 'established TCP sockets over IPv4, and 300 listeners, counted by state and program',
  processes: 40,
  load: withListeners(300),
  mostSockets: 200_000,
  mostRuns: 3,
  rows: () => 2,
  subjects: [countByBpf, countByProcfd, psutilCount, ssCount, netstatCount],
  inside: [],
  goals: [],
};
