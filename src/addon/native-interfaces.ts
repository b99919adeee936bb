import type { NativeOutcome } from './native-binding.ts';

export interface NativeInterfaces {
  /** What was told, at every call the same; undefined while it is asked for. */
  end(): NativeInterfacesEnd | undefined;
  /** Ends the asking soon; returns at once, idempotent. */
  cancel(): void;
}

/** See DeviceList in native/core/interfaces/device_state.h. `status` is not `ok` where no socket may be made. */
export interface NativeInterfacesEnd extends NativeOutcome {
  /** errno of SIOCGIFCONF; 0 when it gave the names that have an IPv4 address. */
  readonly listErrno: number;
  /** Whether a socket of IPv4 may be made; without one there are no addresses. */
  readonly inet: boolean;
  /** Bytes, each name ended by a NUL: those asked for, then those that have an IPv4 address. No name twice. */
  readonly names: Uint8Array;
  /** 14 bytes a name, zeros behind the end of a shorter address. */
  readonly hardwareAddresses: Uint8Array;
  /** memoryStart and memoryEnd of each name. */
  readonly memory: BigUint64Array;
  /** DEVICE_NUMBERS a name. */
  readonly devices: Float64Array;
  /** ADDRESS_NUMBERS an IPv4 address; those of a name stand together, first the one that SIOCGIFADDR tells. */
  readonly addresses: Float64Array;
}

/** What stands in a row of NativeInterfacesEnd.devices; after an errno (of SIOCGIFFLAGS) nothing else has been asked. */
export const DEVICE_NUMBERS = [
  'errno',
  'index',
  'flags',
  'hardwareType',
  'mtu',
  'txQueueLength',
  'baseAddress',
  'irq',
  'dma',
  'port',
  'outfill',
  'keepalive',
] as const;

/**
 * What stands in a row of NativeInterfacesEnd.addresses: the place of its name; which of the last three the kernel gave
 * (1 netmask, 2 broadcast, 4 destination); numbers in host order.
 */
export const ADDRESS_NUMBERS = ['device', 'told', 'address', 'netmask', 'broadcast', 'destination'] as const;
