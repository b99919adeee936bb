import type { Scenario } from '../contract.ts';
import { columns } from './columns.ts';
import { count } from './count.ts';
import { established } from './established.ts';
import { format } from './format.ts';
import { growth } from './growth.ts';
import { listeners } from './listeners.ts';
import { listenerOwner, listenersOwners } from './listeners-owners.ts';
import { embedder, neighbour } from './neighbour.ts';
import { onePort } from './one-port.ts';
import { ownerSearch } from './owner-search.ts';
import { owners } from './owners.ts';
import { ownersGrowth } from './owners-growth.ts';
import { parser } from './parser.ts';
import { poll } from './poll.ts';
import { pollCost } from './poll-cost.ts';
import { routes } from './routes.ts';
import { slab } from './slab.ts';
import { coldStart } from './start-up.ts';
import { turns } from './turns.ts';
import { udp, unix } from './unix-and-udp.ts';

/** A round of all of them takes minutes at 500,000 sockets: those without a goal there have `mostSockets`, and most `mostRuns`. */
export const scenarios: readonly Scenario[] = [
  established,
  columns,
  turns,
  onePort,
  listeners,
  owners,
  ownerSearch,
  listenersOwners,
  listenerOwner,
  count,
  ownersGrowth,
  poll,
  slab,
  coldStart,
  format,
  parser,
  unix,
  udp,
  routes,
  growth,
  neighbour,
  embedder,
  pollCost,
];
