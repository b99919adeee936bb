import type { Scenario } from '../contract.ts';
import { bound } from '../load/hold.ts';
import { type KindSubjects, udp as udpSubjects, unix as unixSubjects } from '../subjects/unix-and-udp.ts';

export const unix: Scenario = scenario('unix', 'unix stream sockets, half of them with a name', unixSubjects);
export const udp: Scenario = scenario('udp', 'UDP sockets over IPv4, half of them connected', udpSubjects);

/** More of a kind than hosts have, fewer than of connections. */
function scenario(kind: 'unix' | 'udp', title: string, subjects: KindSubjects): Scenario {
  return {
    name: kind,
    title,
    kind,
    load: bound(kind),
    mostSockets: 50_000,
    mostRuns: 3,
    rows: (sockets) => sockets,
    subjects: Object.values(subjects),
    inside: [],
    goals: [],
  };
}
