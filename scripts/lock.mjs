import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 200;
/** A set-up takes a minute on a slow machine; whoever holds the name for longer does something else. */
const LONGEST_WAIT_MS = 600_000;

const held = new Set();

/**
 * What a child that works under the locks gets behind its three standard streams: the kernel then keeps a name until the
 * child has ended as well, be the holder killed or not.
 */
export function heldLocks() {
  return [...held];
}

/**
 * Runs `action` while no other process does so under the same name. The lock is an abstract unix socket: the kernel gives
 * it to one process, and takes it back when that and whoever has a descriptor from it have ended, however they end. Where
 * there are none it runs unlocked.
 */
export async function withLock(name, action) {
  let lock = await take(name);
  for (let waited = 0; lock === 'held' && waited < LONGEST_WAIT_MS; waited += WAIT_MS) {
    if (waited === 0) console.error('sockscope: waiting for another set-up');
    await sleep(WAIT_MS);
    lock = await take(name);
  }
  if (lock === 'held') lock = undefined;
  // Node.js has no public name for it; without it the holder alone keeps the lock.
  const descriptor = lock?._handle?.fd;
  if (descriptor >= 0) held.add(descriptor);
  try {
    await action();
  } finally {
    held.delete(descriptor);
    lock?.close();
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
