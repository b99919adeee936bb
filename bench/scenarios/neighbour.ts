import type { Scenario, Subject } from '../contract.ts';
import { type Neighbours, neighbours } from '../subjects/neighbours.ts';

const beside = neighbours('beside');
const here = neighbours('here');

/** What the goal is meant for. */
const SOCKETS = 200_000;
/** Each takes some 6 min there. */
const MOST_RUNS = 1;
const ALWAYS = ['p50Us', 'quietP50Us', 'p99Us', 'quietP99Us', 'p99Ratio', 'p999Us', 'maxUs', 'restMb'];
const OF_POLLS = ['pollMs', 'pollP99Us', 'pollMaxUs'];
const CPU = 'pollCpuMs';

/** What an echo server feels of an agent that polls every 5 s (at 200,000 sockets), a process of its own. */
export const neighbour: Scenario = around(
  'neighbour',
  'an echo server, and beside it a process that polls',
  beside,
  Object.values(beside),
  () => true,
);

/** What a Node.js server feels that polls itself. */
export const embedder: Scenario = {
  ...around(
    'embedder',
    'an echo server in the Node.js process that polls',
    here,
    [here.none, here.oneThread, here.lowPriority, here.twoThreads, here.text, here.procfd, here.ss],
    // That of a poll of the process's own is not to be told from the server's.
    (subject) => subject === here.ss,
  ),
};

function around(
  name: string,
  title: string,
  { none, oneThread }: Neighbours,
  subjects: Scenario['subjects'],
  cpuIsKnown: (subject: Subject) => boolean,
): Scenario {
  return {
    name,
    title,
    processes: 40,
    mostSockets: SOCKETS,
    mostRuns: MOST_RUNS,
    rows: (sockets) => sockets,
    subjects,
    inside: subjects.flatMap((subject) => {
      const polled = cpuIsKnown(subject) ? [...OF_POLLS, CPU] : OF_POLLS;
      const figures = subject === none ? ALWAYS : [...ALWAYS, ...polled];
      return figures.map((figure) => ({ subject, figure }));
    }),
    goals: [
      {
        what: 'p99 of the echo beside polls by one thread to p99 between them, without',
        of: { subject: oneThread, figure: 'p99Ratio' },
        // What the same takes for a difference where there is none.
        floor: { subject: none, figure: 'p99Ratio' },
        atMost: 1.1,
        sockets: SOCKETS,
      },
    ],
  };
}
