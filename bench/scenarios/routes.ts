import type { Scenario } from '../contract.ts';
import { holdRoutes } from '../load/routes.ts';
import {
  busyboxRoutes,
  catRoutes,
  hostRoutes,
  ipRoutes,
  netstatRoutes,
  routesListing,
  routesTurns,
} from '../subjects/routes.ts';

/** A router's table. */
export const routes: Scenario = {
  name: 'routes',
  title: 'IPv4 routes',
  load: holdRoutes,
  mostSockets: 300_000,
  rows: (held) => held,
  subjects: [routesListing, netstatRoutes, busyboxRoutes, ipRoutes, catRoutes, hostRoutes, routesTurns],
  inside: ['longestTurnMs', 'noiseMs', 'ms'].map((figure) => ({ subject: routesTurns, figure })),
  goals: [],
};
