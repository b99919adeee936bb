import type { Scenario } from '../contract.ts';
import { established } from './established.ts';
import { listeners } from './listeners.ts';

export const scenarios: readonly Scenario[] = [established, listeners];
