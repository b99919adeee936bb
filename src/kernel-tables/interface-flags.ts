/** The name of a flag of an interface, as net/if.h has it behind IFF_. */
export type InterfaceFlagName =
  | 'up'
  | 'broadcast'
  | 'debug'
  | 'loopback'
  | 'pointopoint'
  | 'notrailers'
  | 'running'
  | 'noarp'
  | 'promisc'
  | 'allmulti'
  | 'master'
  | 'slave'
  | 'multicast'
  | 'portsel'
  | 'automedia'
  | 'dynamic';

/** IFF_* of the kernel's net/if.h, by their names there: those that ioctls tell. */
export const InterfaceFlag = {
  up: 0x1,
  broadcast: 0x2,
  debug: 0x4,
  loopback: 0x8,
  pointopoint: 0x10,
  notrailers: 0x20,
  running: 0x40,
  noarp: 0x80,
  promisc: 0x100,
  allmulti: 0x200,
  master: 0x400,
  slave: 0x800,
  multicast: 0x1000,
  portsel: 0x2000,
  automedia: 0x4000,
  dynamic: 0x8000,
} as const satisfies Record<InterfaceFlagName, number>;

/** The names of the flags that are set, from the lowest bit on. */
export function flagNames(flags: number): InterfaceFlagName[] {
  const names = Object.keys(InterfaceFlag) as InterfaceFlagName[];
  return names.filter((name) => (flags & InterfaceFlag[name]) !== 0);
}
