/** Lines of the kernel's tables of routes, a field at a time. */

type Fields = Readonly<Record<string, string | undefined>>;

const INET = {
  Iface: 'eth0',
  Destination: '0000000A',
  Gateway: '030200C0',
  Flags: '0003',
  RefCnt: '11',
  Use: '22',
  Metric: '33',
  Mask: '000000FF',
  MTU: '44',
  Window: '55',
  IRTT: '66',
} as const;
export type InetField = keyof typeof INET;
export const INET_FIELDS = Object.keys(INET) as InetField[];

export const INET_HEADING = `${INET_FIELDS.join('\t')}\n`;

export function inetRoute(fields: Partial<Record<InetField, string>> = {}): string {
  return `${Object.values({ ...INET, ...fields }).join('\t')}\n`;
}

const CACHE = {
  ...INET,
  TOS: '77',
  HHRef: '88',
  HHUptod: '99',
  SpecDst: '0202A8C0',
};
const { Mask: _, ...CACHE_WITHOUT_MASK } = CACHE;
const CACHE_ROW: Fields = Object.fromEntries(
  Object.entries(CACHE_WITHOUT_MASK).flatMap(([name, value]) =>
    name === 'Metric'
      ? [
          [name, value],
          ['Source', '0101A8C0'],
        ]
      : [[name, value]],
  ),
);
export const CACHE_FIELDS = Object.keys(CACHE_ROW);
export const CACHE_HEADING = `${CACHE_FIELDS.join('\t')}\n`;

export function cacheRoute(fields: Fields = {}): string {
  return `${Object.values({ ...CACHE_ROW, ...fields }).join('\t')}\n`;
}

export const ZEROS = '0'.repeat(32);
const INET6 = {
  destination: '20010db80f0000000000000000000000',
  prefixLength: '30',
  source: ZEROS,
  sourceLength: '00',
  nextHop: 'fe80000000000000000000000000000a',
  metric: '00000400',
  references: '00000001',
  use: '00000002',
  flags: '00000003',
  name: '    eth0',
} as const;
export type Inet6Field = keyof typeof INET6;
export const INET6_FIELDS = Object.keys(INET6) as Inet6Field[];

export function inet6Route(fields: Partial<Record<Inet6Field, string>> = {}): string {
  return `${Object.values({ ...INET6, ...fields }).join(' ')}\n`;
}

const NEIGHBOUR = {
  address: INET6.destination,
  unused: '01',
  prefixLength: '40',
  type: '03',
  state: '02',
  confirmed: '00000000',
  updated: '00000000',
  stale: '000003e8',
  expires: '0800',
  references: '0005',
  flags: '0000',
  name: '    eth0',
  hardware: '001122334455',
} as const;
export type NeighbourField = keyof typeof NEIGHBOUR;
export const NEIGHBOUR_FIELDS = Object.keys(NEIGHBOUR) as NeighbourField[];

export function neighbour(fields: Partial<Record<NeighbourField, string>> = {}): string {
  return `${Object.values({ ...NEIGHBOUR, ...fields }).join(' ')}\n`;
}

/** The number in the kernel's memory, which prints the last byte first. */
export function hexOf(quad: string): string {
  return quad
    .split('.')
    .reverse()
    .map((octet) => Number(octet).toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}
