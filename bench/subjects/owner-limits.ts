import { spawnSync } from 'node:child_process';
import type { Scene, Subject } from '../contract.ts';
import { rowsCounted, rowsCountedByAll } from './rows.ts';

/** Exit code of walk-bpf where the machine, not the program, is the reason. */
const NOT_HERE = 3;

/** Why BPF programs cannot look for owners here; undefined when they can. */
export function lacksBpf({ tools, load }: Scene): string | undefined {
  const { status, stderr } = spawnSync(tools.runInside, [`${load.pid}`, tools.walkBpf, `${load.pid}`], {
    encoding: 'latin1',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  return status === NOT_HERE ? `missing: ${stderr.trim()}` : undefined;
}

/** The floor for a walk over /proc/PID/fd: see bench/limits/walk-fd.c. */
export const walkFd: Subject = walkFdBy(1);
export const walkFdByTwo: Subject = walkFdBy(2);

/** The floor for owners by BPF: see bench/limits/walk-bpf.c. */
export const walkBpf: Subject = {
  name: 'walk-bpf (C)',
  yardstick: true,
  command: ({ tools, load }) => [tools.walkBpf, `${load.pid}`],
  figures: true,
  rows: rowsCounted,
  lacks: lacksBpf,
};

/** One after the other: the CPU time that the kernel takes for a listing with owners. */
export const dumpThenWalkFd: Subject = inShell('drain-dump, then walk-fd (C)', '"$2" && "$3" "$4" 1');
export const dumpThenWalkBpf: Subject = {
  ...inShell('drain-dump, then walk-bpf (C)', '"$2" && "$5" "$4"'),
  lacks: lacksBpf,
};

/** The floor for a command of Node's on two cores: the start of a process that does nothing, then both at once. */
export const dumpBesideWalkFd: Subject = inShell(
  'node -e 0, then drain-dump beside walk-fd, 2 threads',
  '"$1" -e 0 && { "$2" & "$3" "$4" 2 && wait "$!"; }',
);
export const dumpBesideWalkBpf: Subject = {
  ...inShell('node -e 0, then drain-dump beside walk-bpf', '"$1" -e 0 && { "$2" & "$5" "$4" && wait "$!"; }'),
  lacks: lacksBpf,
};

/** The walk beside a question about few sockets: it counts all, and lists none of those. */
export const walkBpfBeside: Subject = {
  name: 'walk-bpf, of all sockets (C)',
  yardstick: true,
  command: walkBpf.command,
  figures: true,
  lacks: lacksBpf,
};

/** The floor for a question about few sockets: Node's start, then the walk over all descriptors. They list no socket. */
export const walkFdAfterNode: Subject = {
  name: 'node -e 0, then walk-fd, 1 thread',
  yardstick: true,
  command: (scene) => shell('"$1" -e 0 && exec "$3" "$4" 1', scene),
};
export const walkBpfAfterNode: Subject = {
  name: 'node -e 0, then walk-bpf',
  yardstick: true,
  command: (scene) => shell('"$1" -e 0 && exec "$5" "$4"', scene),
  lacks: lacksBpf,
};

function walkFdBy(threads: number): Subject {
  return {
    name: `walk-fd, ${threads} ${threads === 1 ? 'thread' : 'threads'} (C)`,
    yardstick: true,
    command: ({ tools, load }) => [tools.walkFd, `${load.pid}`, `${threads}`],
    figures: true,
    rows: rowsCounted,
  };
}

function inShell(name: string, script: string): Subject {
  return { name, yardstick: true, command: (scene) => shell(script, scene), rows: rowsCountedByAll };
}

/** In the script $1 is node, $2 drain-dump, $3 walk-fd, $4 the parent of the load's processes, $5 walk-bpf. */
function shell(script: string, { tools, load }: Scene): readonly string[] {
  const { drainDump, walkFd: walk, walkBpf: bpf } = tools;
  return ['sh', '-c', script, 'sh', process.execPath, drainDump, walk, `${load.pid}`, bpf];
}
