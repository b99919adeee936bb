import type { ProtocolName } from '../socket/protocol.ts';
import type { Names } from './listing.ts';
import { uidNumber } from './netstat-quirks.ts';

const encoder = new TextEncoder();
/** netstat cuts service names here. */
const SERVICE_BYTES = 63;

/** The bytes of users, each looked up once. */
export class UserCells {
  readonly #name: Names['user'];
  readonly #cells = new Map<number, Uint8Array>();

  constructor(name: Names['user']) {
    this.#name = name;
  }

  /** The user's name, or the number where it has none. */
  of(uid: number): Uint8Array {
    let cell = this.#cells.get(uid);
    if (cell === undefined) {
      cell = encoder.encode(this.#name?.(uid) ?? uidNumber(uid));
      this.#cells.set(uid, cell);
    }
    return cell;
  }
}

/** The bytes of one protocol's service names, each looked up once. */
export class ServiceCells {
  readonly #name: NonNullable<Names['service']>;
  readonly #protocol: ProtocolName;
  /** null: looked up, and there is none. */
  readonly #cells: (Uint8Array | null | undefined)[] = new Array(65_536);

  constructor(name: NonNullable<Names['service']>, protocol: ProtocolName) {
    this.#name = name;
    this.#protocol = protocol;
  }

  /** The name of a port other than 0; undefined where it has none. */
  of(port: number): Uint8Array | undefined {
    if (port === 0) return undefined;
    let cell = this.#cells[port];
    if (cell === undefined) {
      const name = this.#name(port, this.#protocol);
      cell = name === undefined ? null : encoder.encode(name).subarray(0, SERVICE_BYTES);
      this.#cells[port] = cell;
    }
    return cell ?? undefined;
  }
}
