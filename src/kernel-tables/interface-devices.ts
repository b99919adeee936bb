/** A network device, or an alias label, as the kernel describes it beside its counters. */
export interface Device {
  /** Why nothing is known of it: the kernel's error number, ENODEV for a name that is nobody's. 0: all is well. */
  readonly errno: number;
  /** 0: not told. */
  readonly index: number;
  /** IFF_*, the lower 16 bits. */
  readonly flags: number;
  /** ARPHRD_*. */
  readonly hardwareType: number;
  /** 14 bytes, zeros behind the end of a shorter address. */
  readonly hardwareAddress: Uint8Array;
  readonly mtu: number;
  /** As a signed number of 32 bits; undefined: not told. */
  readonly txQueueLength: number | undefined;
  /** Where an old card is: struct ifmap. Zeros for others. */
  readonly map: DeviceMap;
  /** Of a serial line in the making; zeros for others. */
  readonly outfill: number;
  readonly keepalive: number;
  /** First the one that SIOCGIFADDR tells. */
  readonly inet: readonly DeviceAddress[];
}

export interface DeviceMap {
  readonly memoryStart: bigint;
  readonly memoryEnd: bigint;
  readonly baseAddress: number;
  readonly irq: number;
  readonly dma: number;
  readonly port: number;
}

/** An IPv4 address of a device or label, as text. */
export interface DeviceAddress {
  readonly address: string;
  /** Undefined where the kernel did not tell, here and below. */
  readonly netmask: string | undefined;
  readonly broadcast: string | undefined;
  readonly destination: string | undefined;
}

/** What the kernel knows of names. */
export interface DeviceAnswers {
  readonly devices: ReadonlyMap<string, Device>;
  /** errno of the list of names that have an IPv4 address; 0 when it was given. */
  readonly listErrno: number;
  /** Whether IPv4 could be asked for addresses. */
  readonly inet: boolean;
}

export const ENODEV = 19;

/** A device of which nothing is known. */
export function unknownDevice(errno: number): Device {
  return { ...NOTHING, errno };
}

export const NO_MAP: DeviceMap = {
  memoryStart: 0n,
  memoryEnd: 0n,
  baseAddress: 0,
  irq: 0,
  dma: 0,
  port: 0,
};

const NOTHING: Omit<Device, 'errno'> = {
  index: 0,
  flags: 0,
  hardwareType: 0,
  hardwareAddress: new Uint8Array(14),
  mtu: 0,
  txQueueLength: undefined,
  map: NO_MAP,
  outfill: 0,
  keepalive: 0,
  inet: [],
};
