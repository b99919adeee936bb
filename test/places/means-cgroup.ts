import { existsSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
const MOST_TRIES = 500;
const BETWEEN_TRIES_MS = 20;

export type Controller = 'pids' | 'memory';

/** A control group of this test's own, of the first or the second version. Remove it when its processes have ended. */
export class Cgroup {
  readonly #folder: string;

  /** Throws where this machine lets nobody make one. */
  constructor(controller: Controller) {
    this.#folder = mkdtempSync(join(parentOf(controller), 'sockscope-test-'));
    const file = controller === 'pids' ? 'pids.max' : this.isFirst ? 'memory.limit_in_bytes' : 'memory.max';
    if (existsSync(join(this.#folder, file))) return;
    this.remove();
    throw new Error(`there is no ${file} in a control group that was made`);
  }

  /** Of memory: whether it is of the first version, whose files have other names. */
  get isFirst(): boolean {
    return existsSync(join(this.#folder, 'memory.limit_in_bytes'));
  }

  /** Whoever writes 0 into it is in this group from then on. */
  get door(): string {
    return join(this.#folder, 'cgroup.procs');
  }

  set(file: string, value: number): void {
    writeFileSync(join(this.#folder, file), String(value));
  }

  has(file: string): boolean {
    return existsSync(join(this.#folder, file));
  }

  read(file: string): string {
    return readFileSync(join(this.#folder, file), 'latin1');
  }

  /** Ends what is in there still, such as what ran out of time. Throws where the kernel holds on to it all the same. */
  remove(): void {
    for (let tries = 0; ; tries++) {
      for (const pid of this.read('cgroup.procs').split('\n').map(Number)) end(pid);
      try {
        rmdirSync(this.#folder);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || tries === MOST_TRIES) throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_TRIES_MS);
    }
  }
}

/** Why this machine lets nobody make a group; undefined where it does. */
export function cannotMakeCgroup(controller: Controller): string | undefined {
  try {
    new Cgroup(controller).remove();
    return undefined;
  } catch (error) {
    return `no control group for ${controller} can be made: ${(error as Error).message}`;
  }
}

function end(pid: number): void {
  // 0 stands for one of a pid namespace that is not ours, and, to kill(2), for this process's own group.
  if (pid <= 0) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Where groups of a controller are made: in its own mount, of the first version, or in that of the second, whose settings
 * are the machine's: a controller that is not handed on there stays so.
 */
export function parentOf(controller: Controller, root = ROOT): string {
  const own = join(root, controller);
  if (existsSync(own)) return own;
  const file = join(root, 'cgroup.subtree_control');
  if (readFileSync(file, 'latin1').split(/\s+/).includes(controller)) return root;
  throw new Error(`${file} does not have ${controller}`);
}
