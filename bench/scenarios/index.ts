import type { Scenario } from '../contract.ts';
import { established } from './established.ts';

export const scenarios: readonly Scenario[] = [established];
