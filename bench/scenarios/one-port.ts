import type { Scenario } from '../contract.ts';
import { holdSockets } from '../load/hold.ts';
import { onePortByColumn, onePortByKernel } from '../subjects/asking.ts';
import { drainDumpAtPort, netstatAtPort, ssAtPort } from '../subjects/programs.ts';

/** That of the first process's server: see load/connections.c. */
const PORT = 8443;
/** As many servers, each with a port and an even part of the connections. */
const PROCESSES = 100;

const floor = drainDumpAtPort(PORT);

/** One server's connections among those of many. */
export const onePort: Scenario = {
  name: 'one-port',
  title: `established TCP sockets over IPv4, of which those at port ${PORT} are asked for`,
  load: (tools, sockets) => holdSockets(tools, sockets, PROCESSES),
  mostSockets: 200_000,
  mostRuns: 3,
  rows: (sockets) => Math.max(1, Math.floor(sockets / 2 / PROCESSES)),
  subjects: [floor, onePortByKernel(PORT), onePortByColumn(PORT), ssAtPort(PORT), netstatAtPort(PORT)],
  inside: [{ subject: floor, figure: 'ms' }],
  goals: [],
};
