// The ways to look at all TCP sockets that stand beside one another: by a host of this process, or by a program.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { openHost } from '../../../dist/index.js';

/** Clock ticks of /proc/<pid>/stat, ms. */
const TICK_MS = 10;

/**
 * `how` is { host: HostOptions, owners: 'lowest' } or { run: [PROGRAM, WORD...], heading: LINES }. Of what it resolves to
 * `count` tells the rows; so does `poll` where that costs nothing. `cpuMs` is what all of them have taken so far, with
 * `cpuIsOwn` together with all that this process does.
 */
export async function pollsBy(how) {
  return how.run === undefined ? pollsOfHost(how) : pollsOfProgram(how);
}

async function pollsOfHost({ host: options = {}, owners }) {
  const host = await openHost(options);
  const request =
    owners === undefined ? { protocols: ['tcp'] } : { protocols: ['tcp'], owners, processFields: [] };
  const count = async () => {
    const table = await host.scan(request);
    // With owners it is also that of processes which end meanwhile, and this machine may have others.
    if (owners === undefined && !table.complete) throw new Error('a table is not complete');
    return table.length;
  };
  return { count, poll: count, cpuMs: ownCpuMs, cpuIsOwn: true, close: () => host.close() };
}

/** A program's output goes where it costs nothing, but where its lines are counted. */
function pollsOfProgram({ run: [program, ...words], heading = 0 }) {
  const start = (stdout) => spawn(program, words, { stdio: ['ignore', stdout, 'inherit'] });
  const ended = async (child) => {
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${program} ended with ${code}`);
  };
  return {
    async count() {
      const child = start('pipe');
      const [output] = await Promise.all([text(child.stdout), ended(child)]);
      return output.split('\n').length - 1 - heading;
    },
    poll: () => ended(start('ignore')),
    cpuMs: childrensCpuMs,
    cpuIsOwn: false,
    close: async () => {},
  };
}

function ownCpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** cutime and cstime of proc(5), the children that have ended. */
function childrensCpuMs() {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(words[13]) + Number(words[14])) * TICK_MS;
}
