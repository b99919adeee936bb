import { AddressSet } from '../names/address-set.ts';
import type { HostNames } from '../names/host-names.ts';

/** Tells which addresses a step will print. */
export type Addresses = (into: AddressSet) => void;

/**
 * What one round writes, step by step. Where hosts are shown by name, no step is done before `finish`: all tables are read
 * first, then all addresses are looked up at once. A look-up has sockets of its own, and a table that is read meanwhile
 * would list them. Elsewhere each step is done as it comes, and nothing is held.
 */
export class Script {
  readonly #hosts: HostNames | undefined;
  readonly #steps: (() => void)[] = [];
  #wanted: AddressSet | undefined;

  /** `hosts`: undefined where hosts are shown by number. */
  constructor(hosts: HostNames | undefined) {
    this.#hosts = hosts;
  }

  /** Whether steps wait for `finish`. */
  get holds(): boolean {
    return this.#hosts !== undefined;
  }

  add(step: () => void, addresses?: Addresses): void {
    if (this.#hosts === undefined) {
      step();
      return;
    }
    this.#wanted ??= new AddressSet();
    addresses?.(this.#wanted);
    this.#steps.push(step);
  }

  /** Does what waits. */
  async finish(): Promise<void> {
    if (this.#hosts === undefined) return;
    await this.#hosts.resolve(this.#wanted ?? new AddressSet());
    for (const step of this.#steps.splice(0)) step();
  }
}
