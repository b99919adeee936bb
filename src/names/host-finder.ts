import type { AddressKey } from './address-set.ts';

/** Finds the names of hosts, several at a time. */
export interface HostFinder {
  /** Asks for names. Each address is told of once, in any order: also before this returns. */
  ask(addresses: readonly AddressKey[]): void;
  /** Nothing needs to be told any more. Waits for nothing; idempotent. */
  close(): void;
}

/**
 * Hears of an address: its name, a byte string; undefined where there is none, or no name server has answered; null
 * where it could not be asked for: no thread, or no memory.
 */
export type HostFound = (address: AddressKey, name: string | undefined | null) => void;
