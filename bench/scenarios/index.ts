import type { Scenario } from '../contract.ts';
import { established } from './established.ts';
import { listeners } from './listeners.ts';
import { listenersWithOwners } from './listeners-owners.ts';
import { owners } from './owners.ts';
import { ownersGrowth } from './owners-growth.ts';
import { poll } from './poll.ts';
import { slab } from './slab.ts';

export const scenarios: readonly Scenario[] = [
  established,
  listeners,
  listenersWithOwners,
  owners,
  ownersGrowth,
  poll,
  slab,
];
