import type { Scenario } from '../contract.ts';
import { established } from './established.ts';
import { growth } from './growth.ts';
import { listeners } from './listeners.ts';
import { netlinkScan } from './netlink-scan.ts';
import { owners } from './owners.ts';
import { ownersGrowth } from './owners-growth.ts';
import { poll } from './poll.ts';
import { slab } from './slab.ts';

export const scenarios: readonly Scenario[] = [
  established,
  netlinkScan,
  growth,
  listeners,
  owners,
  ownersGrowth,
  poll,
  slab,
];
