/**
 * Values of the `state` column: the kernel's TCP_* numbers, which other protocols borrow. 0: the source gave none.
 * A connection in NEW_SYN_RECV (12), the kernel's inner state, is told as SYN_RECV.
 */
export const State = {
  established: 1,
  'syn-sent': 2,
  'syn-recv': 3,
  'fin-wait-1': 4,
  'fin-wait-2': 5,
  'time-wait': 6,
  close: 7,
  'close-wait': 8,
  'last-ack': 9,
  listen: 10,
  closing: 11,
  'bound-inactive': 13,
} as const;
/** A socket's state, by name. */
export type StateName = keyof typeof State;

export const STATES = Object.keys(State) as readonly StateName[];

/**
 * As a bit set (`1 << state`), every state up to `closing`, and 0. Not `bound-inactive`, which costs the kernel a second
 * walk and which /proc does not show.
 */
export const ALL_STATES = 0xfff;

const names = new Map<number, StateName>(STATES.map((name) => [State[name], name]));

/** The name of a `state` value; 0 reads `none`, a number this version does not know `unknown-<n>`. */
export function stateName(state: number): StateName | 'none' | `unknown-${number}` {
  return state === 0 ? 'none' : (names.get(state) ?? `unknown-${state}`);
}
