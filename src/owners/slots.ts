/** Descriptors of processes, as pairs of pid and descriptor, ascending, each once. */
export type Slots = Uint32Array;

/** Descriptors have 31 bits: a pid and one of them fit into a double. */
const FD_SPACE = 2 ** 31;

/** All pairs of the lists. */
export function mergeSlots(lists: readonly Uint32Array[]): Slots {
  const keys = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0) / 2);
  let length = 0;
  for (const list of lists) {
    for (let at = 0; at < list.length; at += 2) keys[length++] = list[at]! * FD_SPACE + list[at + 1]!;
  }
  keys.sort();
  const merged = new Uint32Array(2 * length);
  length = 0;
  let last = -1;
  for (const key of keys) {
    if (key === last) continue;
    last = key;
    merged[length++] = Math.floor(key / FD_SPACE);
    merged[length++] = key % FD_SPACE;
  }
  return merged.subarray(0, length);
}

/** Of each process the lowest descriptors alone, `most` at the most: a process takes its lowest free one first. */
export function lowestOfEach(slots: Slots, most: number): Slots {
  return filterSlots(slots, (_pid, _fd, nth) => nth < most);
}

/** The pairs that `keeps` keeps; it is told how many of the process's came before. */
export function filterSlots(slots: Slots, keeps: (pid: number, fd: number, nth: number) => boolean): Slots {
  const kept = new Uint32Array(slots.length);
  let length = 0;
  let nth = 0;
  for (let at = 0; at < slots.length; at += 2) {
    const pid = slots[at]!;
    const fd = slots[at + 1]!;
    nth = at > 0 && slots[at - 2] === pid ? nth + 1 : 0;
    if (!keeps(pid, fd, nth)) continue;
    kept[length++] = pid;
    kept[length++] = fd;
  }
  return kept.slice(0, length);
}
