import type { Scenario } from '../contract.ts';
import { type Neighbours, neighbours } from '../subjects/neighbours.ts';

const beside = neighbours('beside');
const here = neighbours('here');

const ALWAYS = ['p50Us', 'p99Us', 'p999Us', 'maxUs', 'restMb'];
const OF_POLLS = ['pollMs', 'pollP99Us', 'pollMaxUs'];

/** What an echo server feels of an agent that polls every 5 s (at 200,000 sockets), a process of its own. */
export const neighbour: Scenario = around(
  'neighbour',
  'an echo server, and beside it a process that polls',
  beside,
  Object.values(beside),
);

/** What a Node.js server feels that polls itself. */
export const embedder: Scenario = around(
  'embedder',
  'an echo server in the Node.js process that polls',
  here,
  [here.none, here.oneThread, here.lowPriority, here.twoThreads, here.text, here.procfd, here.ss],
);

function around(
  name: string,
  title: string,
  { none, oneThread }: Neighbours,
  subjects: Scenario['subjects'],
): Scenario {
  return {
    name,
    title,
    processes: 40,
    rows: (sockets) => sockets,
    subjects,
    inside: subjects.flatMap((subject) => {
      const figures = subject === none ? ALWAYS : [...ALWAYS, ...OF_POLLS];
      return figures.map((figure) => ({ subject, figure }));
    }),
    goals: [
      {
        what: 'p99 of the echo beside polls by one thread to p99 without, the least of all runs',
        of: { subject: oneThread, figure: 'p99Us' },
        to: { subject: none, figure: 'p99Us' },
        // Whatever else runs on the machine adds to it.
        least: true,
        atMost: 1.1,
        sockets: 200_000,
      },
    ],
  };
}
