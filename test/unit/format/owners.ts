import type { RowOwners } from '../../../src/format/program-cells.ts';
import { type BatchOwners, NoOwner } from '../../../src/table/owners.ts';
import type { Process } from '../../../src/table/process.ts';

/** Processes by pid; a name that is text is taken as UTF-8. */
export type Names = Readonly<Record<number, string | Uint8Array>>;

/** Owners of a batch: the holders of each row as `pid` or `pid fd`, in order. */
export function ownersOf(rows: readonly (readonly (number | string)[])[], names: Names): BatchOwners {
  const pairs = rows.map((holders) => holders.map((holder) => String(holder).split(' ').map(Number)));
  const flat = pairs.flat();
  const ends = pairs.map((_, row) => pairs.slice(0, row + 1).flat().length);
  return {
    ownerStart: Uint32Array.of(0, ...ends),
    ownerPid: Uint32Array.from(flat, ([pid = 0]) => pid),
    ownerFd: Uint32Array.from(flat, ([, fd = 3]) => fd),
    noOwner: Uint8Array.from(rows, ({ length }) => (length > 0 ? 0 : NoOwner['no-descriptor'])),
    processes: processesOf(names),
  };
}

export function processesOf(names: Names): RowOwners['processes'] {
  const entries = Object.entries(names).map(([pid, name]): [number, Process] => {
    const programBytes = typeof name === 'string' ? new TextEncoder().encode(name) : name;
    const program = new TextDecoder().decode(programBytes);
    return [Number(pid), { pid: Number(pid), startTime: 1, programBytes, program }];
  });
  return new Map(entries);
}
