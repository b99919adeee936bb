import { opendirSync, statSync } from 'node:fs';
import { absolutePath } from '../absolute-path.ts';
import { isThere, mayExist } from '../permission.ts';
import { type Hiding, hidingAt } from './hiding.ts';
import { isOfProcFs } from './proc-file-system.ts';

const OWN = '/proc';

/** A mounted /proc: this process's own, or that of a host seen from a container, such as /host/proc. */
export class ProcRoot {
  /** Absolute, without a slash at the end. */
  readonly path: string;

  /** Throws an ERR_SOURCE_UNAVAILABLE for a relative path where the working directory has been removed. */
  constructor(path: string = OWN) {
    this.path = absolutePath(path);
  }

  /** Whether this is the /proc of this very process. */
  get isOwn(): boolean {
    return this.path === OWN;
  }

  /**
   * The directory of the network tables. Under a foreign root it is that of process 1, whose namespace is the host's:
   * `net` there is a link to the reader itself, so that it will not do where process 1 is hidden or closed to this one: then
   * the directory that is named is not there. Files that somebody wrote have no process 1. Looked up at every call, since
   * a root may be mounted late.
   */
  netDirectory(): string {
    const hosts = `${this.path}/1/net`;
    return !this.isOwn && (mayExist(hosts) || isOfProcFs(this.path)) ? hosts : `${this.path}/net`;
  }

  /**
   * Whether processes can be told from it: that it can be listed is not enough, for an empty directory may stand where proc
   * is not mounted, and a proc may hide every process from this one. Files that somebody wrote, network tables among them,
   * are believed to have no process. Throws the system's error where it cannot be listed.
   */
  showsProcesses(): boolean {
    // Who reads its own /proc is there itself, and need not look further.
    if (isThere(`${this.path}/self`)) return true;
    return this.#listsProcess() || (isThere(`${this.path}/net`) && !isOfProcFs(this.path));
  }

  #listsProcess(): boolean {
    const directory = opendirSync(this.path);
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        if (/^\d+$/.test(entry.name)) return true;
      }
      return false;
    } finally {
      directory.closeSync();
    }
  }

  /** What keeps processes from this one; undefined where all are shown. A directory with files of any origin hides nothing. */
  hiding(): Hiding | undefined {
    return isOfProcFs(this.path) ? hidingAt(this.path) : undefined;
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
