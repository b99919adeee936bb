import type { NativeBinding, NativeHostLookup } from '../addon/native-binding.ts';
import { ADDRESS_BYTES } from '../socket/address.ts';
import { type AddressKey, addressKey } from './address-set.ts';
import type { HostFinder, HostFound } from './host-finder.ts';

/** The system's resolver, on threads of its own. */
export class SystemHosts implements HostFinder {
  readonly #lookup: NativeHostLookup;
  readonly #found: HostFound;

  constructor(binding: Pick<NativeBinding, 'openHostLookup'>, threads: number, found: HostFound) {
    this.#found = found;
    this.#lookup = binding.openHostLookup(threads, () => this.#take());
  }

  ask(addresses: readonly AddressKey[]): void {
    this.#lookup.ask(Buffer.from(addresses.join(''), 'latin1'));
  }

  close(): void {
    this.#lookup.close();
  }

  #take(): void {
    const { addresses, names } = this.#lookup.take();
    for (const [index, name] of names.entries()) {
      const offset = index * (ADDRESS_BYTES + 1);
      this.#found(addressKey(addresses, offset + 1, addresses[offset]!), name);
    }
  }
}
