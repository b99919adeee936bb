import { fileURLToPath } from 'node:url';
import type { Scenario, Subject } from '../contract.ts';
import { lacksBpf } from '../subjects/owner-limits.ts';
import { rowsCounted } from '../subjects/rows.ts';
import { command } from '../subjects/sockscope.ts';

/** As many as inside/listeners-owners.mjs opens. */
const LISTENERS = 300;
const script = fileURLToPath(new URL('../subjects/inside/listeners-owners.mjs', import.meta.url));

/** Runs the command, the library and the walk in C itself, in turns. */
const listenersOwners: Subject = {
  name: 'sockscope -tlnp and scan(), bpf, beside walk-bpf (C)',
  command: ({ tools, load }) => [process.execPath, script, command, tools.walkBpf, `${load.pid}`],
  figures: true,
  rows: rowsCounted,
  lacks: lacksBpf,
};

const walk = { subject: listenersOwners, figure: 'walkMs' };
const overStart = { subject: listenersOwners, figure: 'overStartMs' };
const again = { subject: listenersOwners, figure: 'scanMs' };

/** A few hundred listeners among many connections, and who holds them: every descriptor of the host is looked at. */
export const listenersWithOwners: Scenario = {
  name: 'listeners-owners',
  title: `established TCP sockets over IPv4, beside ${LISTENERS} listeners that are asked for with their owners`,
  processes: 40,
  rows: () => LISTENERS,
  subjects: [listenersOwners],
  inside: [walk, { ...walk, figure: 'commandMs' }, overStart, again],
  goals: [
    goal('`sockscope -tlnp` by BPF, over the start of Node, to walk-bpf', overStart),
    goal('`scan()` of listeners with owners by BPF, again, to walk-bpf', again),
  ],
};

function goal(what: string, of: typeof walk): Scenario['goals'][number] {
  return { what, of, to: walk, atMost: 1.2, sockets: 500_000 };
}
