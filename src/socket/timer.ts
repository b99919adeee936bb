/** Values of the `timer` column: the kernel's idiag_timer numbers. */
export const Timer = {
  none: 0,
  retransmit: 1,
  keepalive: 2,
  'time-wait': 3,
  'zero-window-probe': 4,
} as const;
/** A TCP socket's timer, by name. */
export type TimerName = keyof typeof Timer;

const names = new Map<number, TimerName>(
  (Object.keys(Timer) as TimerName[]).map((name) => [Timer[name], name]),
);

/** The name of a `timer` value; a number this version does not know reads `unknown-<n>`. */
export function timerName(timer: number): TimerName | `unknown-${number}` {
  return names.get(timer) ?? `unknown-${timer}`;
}
