import type { Scenario } from '../contract.ts';
import { established } from './established.ts';
import { listeners } from './listeners.ts';
import { embedder, neighbour } from './neighbour.ts';
import { owners } from './owners.ts';
import { ownersGrowth } from './owners-growth.ts';
import { poll } from './poll.ts';
import { pollCost } from './poll-cost.ts';
import { slab } from './slab.ts';

export const scenarios: readonly Scenario[] = [
  established,
  listeners,
  owners,
  ownersGrowth,
  poll,
  slab,
  neighbour,
  embedder,
  pollCost,
];
