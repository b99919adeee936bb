import { CacheKind } from '../kernel-tables/route-cache.ts';

/**
 * Where netstat 2.10 is odd about routes, with what was seen. What a malformed line lacks is shown as the line before had it:
 * the lines of src/kernel-tables keep it. Seen: a second row `2001:db8:f00::/48` for an empty line of /proc/net/ipv6_route.
 */

/** What the columns of IPv4 routes are. */
export type RouteLayout = 'mss' | 'metric' | 'long' | 'none';

/**
 * -r swaps the meanings of no -e and one -e, and looks at two bits of their count: with three, or seven, of them there is no
 * table but its title. Seen: `-reee` ends after `Kernel IP routing table`, `-reeee` is as `-re`.
 */
export function routeLayout(extendCount: number): RouteLayout {
  const swapped = extendCount < 2 ? 1 - extendCount : extendCount;
  return LAYOUTS[swapped & 3]!;
}

const LAYOUTS = ['metric', 'mss', 'long', 'none'] as const;

/** The long layout cuts an interface's name. Seen: `longif` for longifname. */
export const LONG_LAYOUT_NAME_BYTES = 6;

/**
 * Metrics, and all other numbers of a route, are printed as a signed int. Seen: `-1` for a metric of 4294967295, IPv4 and
 * IPv6.
 */
export function routeNumber(value: number): string {
  return String(value | 0);
}

type Letters = readonly (readonly [number, string])[];

const UP: Letters = [
  [0x1, 'U'],
  [0x2, 'G'],
];
const REJECT = 0x200;
const INET: Letters = [
  [0x4, 'H'],
  [0x8, 'R'],
  [0x10, 'D'],
  [0x20, 'M'],
  [0x1_0000, 'd'],
  [0x2_0000, 'a'],
  [0x4_0000, 'c'],
  [0x20_0000, 'o'],
  [0x40_0000, 'e'],
  [0x100_0000, 'c'],
  [0x200_0000, 'f'],
  [0x400_0000, 'p'],
  [0x8000_0000, 'l'],
  [0x40, 'u'],
  [0x80, 'w'],
  [0x100, 'i'],
  [0x400, 'n'],
];

/** An IPv4 route's flags: `!` takes the place of `U` and `UG`. Seen: `!H` for flags 0207. */
export function inetRouteFlags(flags: number): string {
  return ((flags & REJECT) !== 0 ? '!' : letters(flags, UP)) + letters(flags, INET);
}

/** A refused route has no gateway and no interface. */
export function isReject(flags: number): boolean {
  return (flags & REJECT) !== 0;
}

const INET6: Letters = [
  [0x1, 'U'],
  [REJECT, '!'],
  [0x2, 'G'],
  [0x4, 'H'],
  [0x1_0000, 'D'],
  [0x4_0000, 'A'],
  [0x100_0000, 'C'],
  [0x2_0000, 'a'],
  [0x40_0000, 'e'],
  [0x20, 'm'],
  [0x20_0000, 'n'],
  [0x200_0000, 'f'],
];

/** An IPv6 route's flags: here `!` stands beside `U`. Seen: `U!` for flags 00000201. */
export function inet6RouteFlags(flags: number): string {
  return letters(flags, INET6);
}

const CACHE: Letters = [
  [0x8, 'R'],
  [0x10, 'D'],
  [0x20, 'M'],
  [0x1, '-'],
  [0x4, 'o'],
  [0x1_0000, 'n'],
  [0x2_0000, 'd'],
  [0x8_0000, 't'],
  [0x20_0000, 'f'],
  [0x40_0000, 'q'],
  [0x80_0000, 'Ns'],
  [0x100_0000, 'r'],
  [0x400_0000, 'i'],
  [0x800_0000, 'Nd'],
  [0x1000_0000, 'b'],
  [0x2000_0000, 'm'],
  [0x4000_0000, '#'],
  [0x8000_0000, 'l'],
];

/** A cached IPv4 route's flags. */
export function cacheRouteFlags(flags: number): string {
  const first = isReject(flags) ? '!' : letters(flags, [[0x2, 'G']]);
  return first + letters(flags, CACHE);
}

/** An AppleTalk route's flags: `!` takes the place of nothing. Seen: `UG!HRDMuwin` for 65535. */
export function ddpRouteFlags(flags: number): string {
  return letters(flags, UP) + (isReject(flags) ? '!' : '') + letters(flags, INET);
}

function letters(flags: number, of: Letters): string {
  let text = '';
  for (const [bit, letter] of of) if ((flags & bit) !== 0) text += letter;
  return text;
}

/**
 * For a heading of /proc/net/rt_cache that it does not know, netstat says so on stdout. Seen:
 * `ERROR: proc_guess_fmt(/proc/net/rt_cache,... returned: 0`.
 */
export function unknownCacheLine(path: string, kind: number): string {
  return `ERROR: proc_guess_fmt(${path},... returned: ${kind}\n`;
}

// Departures. Two more stand with the parser of nodes, src/kernel-tables/route-legacy.ts: `netromColumn` and
// `roseNeighbourNumbers`.

/**
 * Whether a cache with such a heading has rows to show; `kind` is what netstat takes the heading for. netstat shows a row of
 * what its memory holds for each line where it knows no columns.
 * Seen: `0.0.0.0         0.0.0.0         0.0.0.0         RD        0 0          0 ` and a byte that changes, twice, for the
 * lines `x` and `y`.
 */
export function showsCacheRows(kind: number): boolean {
  return Object.values<number>(CacheKind).includes(kind);
}

/**
 * What is said where rose_nodes, or rose_neigh beside it, cannot be opened; `reason`: the line about the file.
 * Seen: netstat says it of rose_nodes, and ends with a segmentation fault where rose_neigh alone is missing.
 */
export function roseRefusal(reason: string): string {
  return `${reason}ROSE not configured in this system.\n`;
}

/**
 * The heading of AppleTalk's routes, all that is shown where the kernel's table has no heading.
 * Seen: netstat ends there with `free(): invalid pointer`, status 134, and an empty output.
 */
export const DDP_ROUTES_HEADING = 'Destination     Gateway         Device          Flags\n';
