import { fstatSync } from 'node:fs';
import { SockscopeError } from '../errors.ts';
import { isExhausted } from '../exhaustion.ts';
import type { Programs } from '../format/listing.ts';
import type { RowOwners } from '../format/program-cells.ts';
import type { LocalHost } from '../host.ts';
import type { ProcessField } from '../table/process.ts';
import type { CommandRequest } from './command-request.ts';
import { FORBIDDEN, TOO_MANY_FILES } from './errno.ts';

type OwnerSearch = ReturnType<LocalHost['searchOwners']>;

/** What the search for owners is lent. */
export interface OwnersScene {
  /** The command's name. */
  readonly program: string;
  readonly host: Pick<LocalHost, 'searchOwners' | 'ownersOf' | 'proc'>;
  readonly say: (lines: string) => void;
}

const SOME_DENIED =
  '(Not all processes could be identified, non-owned process info\n' +
  ' will not be shown, you would have to be root to see it all.)\n';

/**
 * The owners of one round of a listing: one search, begun with the first table that shows programs, serves all tables.
 * netstat searches anew in each round, and says its notes in each.
 */
export class RoundOwners {
  readonly #request: Pick<CommandRequest, 'programs' | 'owners'>;
  /** What is read of the holders beside their programs. */
  readonly fields: readonly ProcessField[];
  readonly #scene: OwnersScene;
  #search: OwnerSearch | undefined;
  #settled = false;
  /** Whether owners are asked for and, as far as is known, to be had. */
  #sought: boolean;

  constructor(request: Pick<CommandRequest, 'programs' | 'owners' | 'context'>, scene: OwnersScene) {
    this.#request = request;
    this.fields = request.context ? ['context'] : [];
    this.#scene = scene;
    this.#sought = request.programs !== 'none' && request.owners !== 'none';
  }

  /** What to ask of a stream of sockets, and the search that answers it; begins it where it has not begun. */
  question(): { readonly owners: Programs; readonly search: OwnerSearch | undefined } {
    const { programs } = this.#request;
    if (!this.#sought || programs === 'none') return { owners: 'none', search: undefined };
    this.#search ??= this.#scene.host.searchOwners({
      holders: programs,
      leadersOnly: this.#scene.program === 'netstat',
    });
    return { owners: programs, search: this.#search };
  }

  /**
   * Waits for the end of the search, and says netstat's notes, once. netstat speaks of processes whose descriptors it may
   * not list. Those it may list but not follow, of a process with more capabilities than the reader has, it passes over in
   * silence. Seen: as root, no note beside `readlink("/proc/1/fd/0") = -1 EACCES`. False where it turns out that nothing can be seen
   * here, or not with this process's descriptors: later questions do without, and streams that were asked before will throw. Throws what the search does where
   * somebody named the way of it.
   */
  async settle(): Promise<boolean> {
    const { search } = this.question();
    if (this.#settled || search === undefined) return true;
    this.#settled = true;
    try {
      const tally = await search.done;
      if (tally !== undefined && tally.unopened > 0) {
        this.#scene.say(tally.sockets > 0 && !(await foundNobodyElse(search)) ? SOME_DENIED : nothingRead());
      }
      return true;
    } catch (error) {
      if (!isLack(error) || this.#request.owners !== 'auto') throw error;
      this.#sought = false;
      this.#scene.say(
        this.#isForbidden(error) ? nothingRead() : `${this.#scene.program}: ${error.message}\n`,
      );
      return false;
    }
  }

  /** Elsewhere it would not help to be root: there is no /proc. netstat says that it would, whatever there is. */
  #isForbidden({ errno }: SockscopeError): boolean {
    return this.#scene.program === 'netstat' || FORBIDDEN.includes(errno ?? 0);
  }

  /** The holders of sockets that come from a table without a source, in its order; undefined where none are shown. */
  async of(inodes: readonly number[]): Promise<RowOwners | undefined> {
    const { search } = this.question();
    return search && this.#scene.host.ownersOf(Uint32Array.from(inodes), search, this.fields);
  }
}

/**
 * Whether the sockets that were found are this process's alone, and made by it: it asks the kernel through sockets, and
 * netstat, which has none but those it was started with, would have found nothing.
 */
async function foundNobodyElse({ result }: Pick<OwnerSearch, 'result'>): Promise<boolean> {
  const { index } = await result;
  return index?.starts.size === 1 && index.starts.has(process.pid) && ![0, 1, 2].some(isSocket);
}

function isSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}

function nothingRead(): string {
  return `(No info could be read for "-p": geteuid()=${process.geteuid!()} but you should be root.)\n`;
}

/** That owners are not to be seen here, or that this process has no descriptors left to look for them by. */
function isLack(error: unknown): error is SockscopeError {
  return (
    error instanceof SockscopeError &&
    ((error.code === 'ERR_SOURCE_UNAVAILABLE' && !isExhausted(error.errno)) ||
      TOO_MANY_FILES.includes(error.errno ?? 0))
  );
}
