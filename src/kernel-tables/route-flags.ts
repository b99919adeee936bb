import type { RouteFamily } from './route-family.ts';

/** A bit of a route's flags, as a word: RTF_*. Those from `default` on are of IPv6 alone. */
export type RouteFlag =
  | 'up'
  | 'gateway'
  | 'host'
  | 'reinstate'
  | 'dynamic'
  | 'modified'
  | 'mtu'
  | 'window'
  | 'irtt'
  | 'reject'
  | 'default'
  | 'all-on-link'
  | 'addrconf'
  | 'prefix'
  | 'anycast'
  | 'no-next-hop'
  | 'expires'
  | 'route-info'
  | 'cache'
  | 'flow'
  | 'policy'
  | 'per-cpu'
  | 'local';

/** RTF_*, of linux/route.h. */
export const RouteFlags = {
  up: 0x1,
  gateway: 0x2,
  host: 0x4,
  reinstate: 0x8,
  dynamic: 0x10,
  modified: 0x20,
  mtu: 0x40,
  window: 0x80,
  irtt: 0x100,
  reject: 0x200,
} as const satisfies Partial<Record<RouteFlag, number>>;

/** RTF_* that IPv6 alone has, of linux/ipv6_route.h. */
export const Inet6RouteFlags = {
  default: 0x1_0000,
  'all-on-link': 0x2_0000,
  addrconf: 0x4_0000,
  prefix: 0x8_0000,
  anycast: 0x10_0000,
  'no-next-hop': 0x20_0000,
  expires: 0x40_0000,
  'route-info': 0x80_0000,
  cache: 0x100_0000,
  flow: 0x200_0000,
  policy: 0x400_0000,
  'per-cpu': 0x4000_0000,
  local: 0x8000_0000,
} as const satisfies Record<Exclude<RouteFlag, keyof typeof RouteFlags>, number>;

const WORDS: Readonly<Record<RouteFamily, readonly (readonly [RouteFlag, number])[]>> = {
  inet: Object.entries(RouteFlags) as [RouteFlag, number][],
  inet6: Object.entries({ ...RouteFlags, ...Inet6RouteFlags }) as [RouteFlag, number][],
};

/** The words for the bits that have one, the lowest bit first. */
export function routeFlagNames(flags: number, family: RouteFamily): RouteFlag[] {
  const names: RouteFlag[] = [];
  for (const [name, bit] of WORDS[family]) if ((flags & bit) !== 0) names.push(name);
  return names;
}
