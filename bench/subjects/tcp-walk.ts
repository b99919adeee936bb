import { spawnSync } from 'node:child_process';
import type { Scene, Subject, Tools } from '../contract.ts';
import { rowsCounted } from './rows.ts';
import { listing } from './sockscope.ts';

/** Exit code of the C programs where the machine, not the program, is the reason. */
const NOT_HERE = 3;

/** The command as root has it: it walks the kernel's TCP tables. */
export const walkListing: Subject = { ...listing, lacks: lacks('walkTcpTable') };

/** The floor for a walk by the kernel's own iterator over TCP sockets: see bench/limits/walk-tcp-bpf.c. */
export const walkTcpBpf: Subject = floor('walk-tcp-bpf (C)', 'walkTcpBpf');
/** The floor for a walk over the kernel's tables: see bench/limits/walk-tcp-table.c. */
export const walkTcpTable: Subject = floor('walk-tcp-table (C)', 'walkTcpTable');

/** The floor for a command of Node's that walks: the start of a process that does nothing, and the walk. */
export const walkTcpTableAfterNode: Subject = {
  ...walkTcpTable,
  name: 'node -e 0, then walk-tcp-table',
  command: ({ tools }) => ['sh', '-c', '"$1" -e 0 && exec "$2"', 'sh', process.execPath, tools.walkTcpTable],
};

function floor(name: string, tool: keyof Tools): Subject {
  return {
    name,
    yardstick: true,
    command: ({ tools }) => [tools[tool]],
    figures: true,
    rows: rowsCounted,
    lacks: lacks(tool),
  };
}

/** Why such a program cannot be run by the kernel here; undefined when it can. */
function lacks(tool: keyof Tools): (scene: Scene) => string | undefined {
  return ({ tools, load }) => {
    const { status, stderr } = spawnSync(tools.runInside, [`${load.pid}`, tools[tool]], {
      encoding: 'latin1',
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    return status === NOT_HERE ? `missing: ${stderr.trim()}` : undefined;
  };
}
