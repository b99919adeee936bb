import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 200;
/** A set-up takes a minute on a slow machine; whoever holds the name for longer does something else. */
const LONGEST_WAIT_MS = 600_000;

/**
 * Runs `action` while no other process does so under the same name. The lock is an abstract unix socket: the kernel gives
 * it to one process, and takes it back when that ends, however it ends. Where there are none it runs unlocked.
 */
export async function withLock(name, action) {
  let lock = await take(name);
  for (let waited = 0; lock === 'held' && waited < LONGEST_WAIT_MS; waited += WAIT_MS) {
    if (waited === 0) console.error('sockscope: waiting for another set-up');
    await sleep(WAIT_MS);
    lock = await take(name);
  }
  try {
    action();
  } finally {
    if (lock !== 'held') lock?.close();
  }
}

/** A server that holds the name; `held` when another does; undefined where the system has no such names. */
async function take(name) {
  const server = createServer().listen(`\0${name}`);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    return error.code === 'EADDRINUSE' ? 'held' : undefined;
  }
}
