import { ALL_STATES } from '../../socket/state.ts';

/**
 * Which values of the `state` column a bit set of states lets through, by value. A state without a name passes only
 * where every state is asked for.
 */
export function statesPassing(states: number): Uint8Array {
  const passing = new Uint8Array(256);
  const all = (states & ALL_STATES) === ALL_STATES;
  for (let state = 0; state < 256; state++) {
    const asked = state < 32 && (states & (1 << state)) !== 0;
    if (asked || (all && state > 11)) passing[state] = 1;
  }
  return passing;
}
