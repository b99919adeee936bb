// Tries, under the agent's unit, what it should refuse, and one thing that it cannot; prints the code of each error as JSON.
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { reach } from './reach.mjs';

const attempts = {
  'write to the system': () => openSync('/usr/written', 'w'),
  'write to the memory of process 1': () => openSync('/proc/1/mem', 'r+'),
  'write below /proc': () => openSync('/proc/self/oom_score_adj', 'r+'),
  // What is left to whoever takes the agent over: docs/privileges.md says so.
  'read the memory of process 1': () => openSync('/proc/1/mem', 'r'),
  'write a sysctl': () => openSync('/proc/sys/kernel/core_pattern', 'w'),
  'write to a control group': () => openSync('/sys/fs/cgroup/cgroup.procs', 'w'),
  'open a disk': () => openSync('/dev/vda', 'r'),
  'be another user': () => process.setuid(0),
  'listen on IPv4': () => listen({ port: 0, host: '127.0.0.1' }),
  'listen on a unix socket': () => listen({ path: '/tmp/socket' }),
};
const outcomes = {};
for (const [what, attempt] of Object.entries(attempts)) outcomes[what] = await outcomeOf(attempt);
const host = { proc: '/proc', pid: 1, secret: '/etc/sockscope-secret', open: '/tmp' };
console.log(JSON.stringify({ outcomes, reach: reach(host) }));

async function outcomeOf(attempt) {
  try {
    await attempt();
    return 'done';
  } catch (error) {
    return error.code;
  }
}

function listen(where) {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(where, () => server.close(resolve));
  });
}
