import type { Scenario } from '../contract.ts';
import { holdRoutes } from '../load/routes.ts';
import {
  busyboxRoutes,
  catRoutes,
  groupsTurns,
  hostRoutes,
  interfacesTurns,
  ipRoutes,
  netstatRoutes,
  routesListing,
  routesTurns,
} from '../subjects/routes.ts';

const turns = [routesTurns, interfacesTurns, groupsTurns];

/** A router's table. */
export const routes: Scenario = {
  name: 'routes',
  title: 'IPv4 routes, and a hundredth as many addresses and groups, a thousand at the most',
  load: holdRoutes,
  mostSockets: 300_000,
  mostRuns: 3,
  rows: (held) => held,
  subjects: [routesListing, netstatRoutes, busyboxRoutes, ipRoutes, catRoutes, hostRoutes, ...turns],
  inside: turns.flatMap((subject) =>
    ['longestTurnMs', 'againLongestTurnMs', 'noiseMs', 'ms'].map((figure) => ({ subject, figure })),
  ),
  goals: [],
};
