import type { AddressSet } from './address-set.ts';

/**
 * Names of hosts. What is known of an address is kept, within a bound: also that it has no name, or that no name server
 * has answered, since then every call would wait for that again.
 */
export interface HostNames {
  /**
   * Looks up what is not known yet, many addresses at a time. Resolves when all answers are there, or when the time of
   * one call is over: answers that come later are known to later calls, which do not wait for them again. What has not
   * been asked for until the next call is asked for then, if that wants it. Never rejects. One call at a time.
   */
  resolve(addresses: AddressSet): Promise<void>;
  /**
   * The canonical name of an address: a byte string, one character a byte. Undefined where there is none, or none came
   * in time.
   */
  of(addresses: Uint8Array, offset: number, family: number): string | undefined;
  /**
   * The inodes of sockets that belong to look-ups under way; undefined when nothing is. From here to the next `resolve`
   * no other look-up begins: a table that is read in between lists those sockets, and perhaps what is given after it.
   */
  hold(): ReadonlySet<number> | undefined;
  /** Lets go of threads and sockets as soon as it can. Idempotent. */
  close(): void;
}
