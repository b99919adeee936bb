import { type AddressKey, type AddressSet, addressKey } from './address-set.ts';
import type { HostFinder, HostFound } from './host-finder.ts';
import type { HostNames } from './host-names.ts';
import { ownSockets } from './own-sockets.ts';

/** How many addresses are looked up at a time: what a small name server takes well. */
export const MOST_AT_A_TIME = 32;

export interface KnownHostsOptions {
  /** Called before the first question. */
  readonly openFinder: (found: HostFound) => HostFinder;
  /** What one call of `resolve` takes at the most; 0: nothing is asked. */
  readonly timeoutMs: number;
  /** Addresses to remember, the latest, beside those of the present call. Default: 65,536. */
  readonly most?: number;
}

const MOST = 65_536;

/** Asks a finder, each address once, and remembers what it has told. */
export class KnownHosts implements HostNames {
  readonly #options: KnownHostsOptions;
  readonly #most: number;
  #finder: HostFinder | undefined;
  /** The sockets of the process that were there before the finder. */
  #otherSockets: ReadonlySet<number> = new Set();
  #asking = false;
  #askingSoon = false;
  #held = false;
  #closed = false;
  /** Undefined: asked for, and there is none. */
  readonly #names = new Map<AddressKey, string | undefined>();
  /** To be asked for, in this order; all of them are of the present call. */
  #waiting = new Set<AddressKey>();
  readonly #asked = new Set<AddressKey>();
  /** Those of the two that somebody waits for. */
  #awaited = new Set<AddressKey>();
  #stopWaiting: () => void = () => {};

  constructor(options: KnownHostsOptions) {
    this.#options = options;
    this.#most = options.most ?? MOST;
  }

  async resolve(addresses: AddressSet): Promise<void> {
    const { timeoutMs } = this.#options;
    if (this.#closed || timeoutMs === 0) return;
    this.#held = false;
    const unknown = [...addresses].filter((key) => !this.#names.has(key) && !this.#asked.has(key));
    this.#awaited = new Set(unknown.filter((key) => !this.#waiting.has(key)));
    // What an earlier call has waited for in vain comes last; what nobody wants any more is not asked for.
    this.#waiting = new Set([...this.#awaited, ...unknown]);
    this.#forgetOldest(this.#waiting.size, addresses);
    const answered = new Promise<void>((resolve) => {
      this.#stopWaiting = resolve;
    });
    const timer = setTimeout(() => this.#stopWaiting(), timeoutMs);
    this.#askNext();
    if (this.#awaited.size > 0) await answered;
    clearTimeout(timer);
  }

  of(addresses: Uint8Array, offset: number, family: number): string | undefined {
    return this.#names.get(addressKey(addresses, offset, family));
  }

  hold(): ReadonlySet<number> | undefined {
    this.#held = true;
    if (this.#asked.size === 0) return undefined;
    const sockets = ownSockets();
    for (const inode of this.#otherSockets) sockets.delete(inode);
    return sockets;
  }

  close(): void {
    this.#closed = true;
    this.#stopWaiting();
    this.#finder?.close();
  }

  /** Asks once for all that several answers in a row leave room for. */
  #askSoon(): void {
    if (this.#asking || this.#askingSoon) return;
    this.#askingSoon = true;
    queueMicrotask(() => {
      this.#askingSoon = false;
      this.#askNext();
    });
  }

  /** Not from within itself: a finder may answer before it returns. */
  #askNext(): void {
    if (this.#asking || this.#held || this.#closed) return;
    this.#asking = true;
    for (let next = this.#next(); next.length > 0; next = this.#next()) this.#ask(next);
    this.#asking = false;
  }

  /** Where no finder can be opened, or asked, nothing is known of these, and they may be asked for again. */
  #ask(addresses: readonly AddressKey[]): void {
    try {
      this.#openFinder().ask(addresses);
    } catch {
      for (const key of addresses) if (this.#asked.has(key)) this.#found(key, null);
    }
  }

  #next(): AddressKey[] {
    const next: AddressKey[] = [];
    for (const key of this.#waiting) {
      if (this.#asked.size === MOST_AT_A_TIME) break;
      this.#waiting.delete(key);
      this.#asked.add(key);
      next.push(key);
    }
    return next;
  }

  #openFinder(): HostFinder {
    if (this.#finder === undefined) {
      this.#otherSockets = ownSockets();
      this.#finder = this.#options.openFinder((key, name) => this.#found(key, name));
    }
    return this.#finder;
  }

  #found(key: AddressKey, name: string | undefined | null): void {
    this.#asked.delete(key);
    if (name !== null) this.#names.set(key, name);
    if (this.#awaited.delete(key) && this.#awaited.size === 0) this.#stopWaiting();
    this.#askSoon();
  }

  /** Makes room for so many names, where the present ones leave any. */
  #forgetOldest(room: number, present: AddressSet): void {
    let excess = this.#names.size + room - this.#most;
    if (excess <= 0) return;
    for (const key of this.#names.keys()) {
      if (present.has(key)) continue;
      this.#names.delete(key);
      if (--excess === 0) return;
    }
  }
}
