import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { mayExist } from '../permission.ts';

const OWN = '/proc';

/** A mounted /proc: this process's own, or that of a host seen from a container, such as /host/proc. */
export class ProcRoot {
  /** Absolute, without a slash at the end. */
  readonly path: string;

  constructor(path: string = OWN) {
    this.path = resolve(path);
  }

  /** Whether this is the /proc of this very process. */
  get isOwn(): boolean {
    return this.path === OWN;
  }

  /**
   * The directory of the network tables. Under a foreign root it is that of process 1, whose namespace is the host's:
   * `net` there is a link to the reader itself. Looked up at every call, since a root may be mounted late.
   */
  netDirectory(): string {
    const hosts = `${this.path}/1/net`;
    return !this.isOwn && mayExist(hosts) ? hosts : `${this.path}/net`;
  }

  /** How many descriptors a process has open; undefined where it cannot be told: before Linux 6.2, or of one that has ended. */
  descriptorsOf(pid: number): number | undefined {
    try {
      return statSync(`${this.path}/${pid}/fd`).size || undefined;
    } catch {
      return undefined;
    }
  }

  /** Whether the tables are of this process's own network namespace; `unknown` when that cannot be seen. */
  showsOwnNamespace(): 'yes' | 'no' | 'unknown' {
    if (this.isOwn) return 'yes';
    const shown = namespaceId(`${this.path}/1/ns/net`);
    const own = namespaceId(`${OWN}/self/ns/net`);
    if (shown === undefined || own === undefined) return 'unknown';
    return shown === own ? 'yes' : 'no';
  }
}

/** Two links lead to one namespace when device and inode agree; undefined when not permitted, or there is none. */
function namespaceId(link: string): string | undefined {
  try {
    const { dev, ino } = statSync(link, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
