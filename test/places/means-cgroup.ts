import { existsSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

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

  read(file: string): string {
    return readFileSync(join(this.#folder, file), 'latin1');
  }

  remove(): void {
    rmdirSync(this.#folder);
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

/** Where groups of a controller are made: in its own mount, of the first version, or in that of the second. */
function parentOf(controller: Controller): string {
  const own = join(ROOT, controller);
  if (existsSync(own)) return own;
  const controllers = readFileSync(join(ROOT, 'cgroup.subtree_control'), 'latin1').split(/\s+/);
  if (!controllers.includes(controller))
    writeFileSync(join(ROOT, 'cgroup.subtree_control'), `+${controller}`);
  return ROOT;
}
