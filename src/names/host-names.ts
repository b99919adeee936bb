import type { AddressSet } from './address-set.ts';

/** Names of hosts. What is known of an address is kept, also that it has no name, within a bound. */
export interface HostNames {
  /**
   * Looks up what is not known yet, many addresses at a time. Resolves when all answers are there, or when the time of
   * one call is over: answers that come later are known to later calls. Never rejects.
   */
  resolve(addresses: AddressSet): Promise<void>;
  /**
   * The canonical name of an address: a byte string, one character a byte. Undefined where there is none, or none came in
   * time.
   */
  of(addresses: Uint8Array, offset: number, family: number): string | undefined;
  /** Lets go of threads and sockets as soon as it can. Idempotent. */
  close(): void;
}
