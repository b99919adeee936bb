import { choose } from '../../src/choice.ts';
import { OwnerSearch } from '../../src/owner-search.ts';
import type { OwnerSetting } from '../../src/owner-setting.ts';
import type { Holders, OwnerIndex, OwnerQuestion, OwnerScan } from '../../src/owners/owner-scan.ts';
import { ProcessTable } from '../../src/owners/processes.ts';
import { ProcRoot } from '../../src/proc/proc-root.ts';
import type { Process } from '../../src/table/process.ts';
import type { OwnerTally } from '../../src/table/report.ts';
import { Turn } from '../../src/turn.ts';

/** Who holds what in a world of a test: by inode, pairs of pid and descriptor, the lowest first. */
export type World = Readonly<Record<number, readonly (readonly [pid: number, fd: number])[]>>;

export const NO_TALLY: OwnerTally = {
  processes: 0,
  vanished: 0,
  denied: 0,
  unopened: 0,
  descriptors: 0,
  sockets: 0,
  threads: 0,
};

/** What a scan of that world finds. Every process has its pid for a start. */
export function indexOf(
  world: World,
  { holders, wanted, slots, share, except }: OwnerQuestion,
  denied = 0,
): OwnerIndex {
  const starts = new Map<number, number>();
  const known = new Map<number, (readonly [number, number])[]>();
  for (const [inode, all] of Object.entries(world)) {
    const seen = all.filter(
      ([pid, fd]) =>
        (slots === undefined || isSlot(slots, pid, fd) || pid % (share?.of ?? 1) === share?.index) &&
        !except?.includes(pid),
    );
    if (seen.length === 0 || (wanted !== undefined && !wanted.includes(Number(inode)))) continue;
    known.set(Number(inode), holders === 'lowest' ? seen.slice(0, 1) : seen);
    for (const [pid] of seen) starts.set(pid, pid);
  }
  return { tally: { ...NO_TALLY, denied }, starts, find: (inodes) => holdersOf(inodes, known) };
}

function isSlot(slots: Uint32Array, pid: number, fd: number): boolean {
  return slots.some((one, at) => at % 2 === 0 && one === pid && slots[at + 1] === fd);
}

function holdersOf(
  inodes: Uint32Array,
  known: ReadonlyMap<number, readonly (readonly [number, number])[]>,
): Holders {
  const start = [0];
  const pid: number[] = [];
  const fd: number[] = [];
  for (const inode of inodes) {
    for (const [holder, at] of known.get(inode) ?? []) {
      pid.push(holder);
      fd.push(at);
    }
    start.push(pid.length);
  }
  return { start: Uint32Array.from(start), pid: Uint32Array.from(pid), fd: Uint32Array.from(fd) };
}

/** A table of processes where every pid is there, but those of `gone`. */
export class FakeProcesses extends ProcessTable {
  readonly asked: number[] = [];
  gone: readonly number[] = [];

  constructor() {
    super(new ProcRoot('/nonexistent'));
  }

  override async read(
    pids: Iterable<number>,
    starts: ReadonlyMap<number, number>,
  ): Promise<Map<number, Process>> {
    const there = [...pids].filter((pid) => !this.gone.includes(pid));
    this.asked.push(...there);
    return new Map(
      there.map((pid) => [
        pid,
        { pid, startTime: starts.get(pid) ?? -1, program: `p${pid}`, programBytes: new Uint8Array() },
      ]),
    );
  }
}

/** What the pipeline is lent for owners: nothing is found, unless a test says otherwise. */
export function owning(
  scan: OwnerScan['scan'] = async (question) => indexOf({}, question),
  more: Partial<OwnerSetting> = {},
): OwnerSetting {
  const turn = new Turn();
  const procfd: OwnerScan = { name: 'procfd', probe: async () => ({ verdict: 'yes' }), scan };
  const chosen = () => choose([procfd], (one) => one.probe());
  return {
    search: (question, lent) => new OwnerSearch(chosen, question, { ...lent, threads: 1, turn }),
    ownerAbility: async () => ({ source: 'procfd', better: [] }),
    memory: undefined,
    walk: (question, lent) => scan(question, { ...lent, threads: 1, turn }),
    descriptorsOf: () => undefined,
    processes: new FakeProcesses(),
    turn,
    ...more,
  };
}
