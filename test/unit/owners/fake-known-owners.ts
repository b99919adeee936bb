import type { NativeKnownOwners } from '../../../src/addon/native-binding.ts';
import { isHolder, UNKNOWN } from '../../../src/owners/row-holders.ts';

/** The addon's memory of owners, with a Map. */
export class FakeKnownOwners implements NativeKnownOwners {
  readonly #known = new Map<string, { pid: number; fd: number; poll: number }>();
  #poll = 0;

  beginPoll(): void {
    this.#poll++;
  }

  find(cookies: Uint32Array): { pid: Uint32Array; fd: Uint32Array } {
    const pid = new Uint32Array(cookies.length / 2).fill(UNKNOWN);
    const fd = new Uint32Array(cookies.length / 2);
    for (let row = 0; row < pid.length; row++) {
      const entry = this.#known.get(keyOf(cookies, row));
      if (entry === undefined) continue;
      entry.poll = this.#poll;
      pid[row] = entry.pid;
      fd[row] = entry.fd;
    }
    return { pid, fd };
  }

  learn(cookies: Uint32Array, pids: Uint32Array, fds: Uint32Array): void {
    for (const [row, pid] of pids.entries()) {
      if (cookies[2 * row] === 0 && cookies[2 * row + 1] === 0) continue;
      this.#known.set(keyOf(cookies, row), { pid, fd: fds[row]!, poll: this.#poll });
    }
  }

  sweep(): { freed: Uint32Array; more: boolean } {
    const freed: number[] = [];
    for (const [key, { pid, fd, poll }] of this.#known) {
      if (poll === this.#poll) continue;
      this.#known.delete(key);
      if (isHolder(pid)) freed.push(pid, fd);
    }
    return { freed: Uint32Array.from(freed), more: false };
  }

  forget(_places: number, pids: Uint32Array): boolean {
    for (const [key, { pid }] of this.#known) if (pids.includes(pid)) this.#known.delete(key);
    return false;
  }
}

function keyOf(cookies: Uint32Array, row: number): string {
  return `${cookies[2 * row + 1]} ${cookies[2 * row]}`;
}
