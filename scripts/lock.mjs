import { readlinkSync, symlinkSync, unlinkSync } from 'node:fs';

const WAIT_MS = 200;

/**
 * Runs `action` while no other process does so under the same lock: a symbolic link, made whole or not at all, that
 * names its owner. The lock of a process that has gone is void.
 */
export function withLock(path, action) {
  for (let waited = 0; !take(path); waited++) {
    if (waited === 0) console.error('sockscope: waiting for another set-up');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
  }
  const release = () => unlinkSync(path);
  process.once('exit', release);
  action();
  process.off('exit', release);
  release();
}

function take(path) {
  try {
    symlinkSync(String(process.pid), path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld(path)) remove(path);
    return false;
  }
}

function isHeld(path) {
  try {
    process.kill(Number(readlinkSync(path)), 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error.code === 'EPERM';
  }
}

function remove(path) {
  try {
    unlinkSync(path);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}
