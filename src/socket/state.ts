/** Values of the `state` column: the kernel's TCP_* numbers, which other protocols borrow. 0: the source gave none. */
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
  'new-syn-recv': 12,
  'bound-inactive': 13,
} as const;
export type StateName = keyof typeof State;

export const STATES = Object.keys(State) as readonly StateName[];

/**
 * Every state as a bit set (`1 << state`) but `bound-inactive`, which costs the kernel a second table walk and which
 * /proc does not show.
 */
export const ALL_STATES = 0xfff;

const names = new Map<number, StateName>(STATES.map((name) => [State[name], name]));

/** The name of a `state` value; 0 reads `none`, a number this version does not know `unknown-<n>`. */
export function stateName(state: number): StateName | 'none' | `unknown-${number}` {
  return state === 0 ? 'none' : (names.get(state) ?? `unknown-${state}`);
}
