import {
  CACHE_HEADING,
  cacheRoute,
  hexOf,
  INET_HEADING,
  inet6Route,
  inetRoute,
  neighbour,
  ZEROS,
} from './routes-texts.ts';

const FLAGS = [
  '0001',
  '0003',
  '0005',
  '0201',
  '0203',
  '0207',
  '0000',
  '0002',
  'FFFFFFFF',
  'FFFFFDFF',
  ...Array.from({ length: 32 }, (_, bit) => ((2 ** bit) | 1) >>> 0).map((flags) => flags.toString(16)),
];

const INET_ROWS = [
  ...FLAGS.map((Flags) => inetRoute({ Flags })),
  ...['eth0', '*', 'longifname12345', 'a', '-'].flatMap((Iface) =>
    ['0001', '0201'].map((Flags) => inetRoute({ Iface, Flags })),
  ),
  ...['0', '1', '-1', '4294967295', '999999', '1234567', '12345678'].flatMap((number) => [
    inetRoute({ Metric: number, RefCnt: number, Use: number }),
    inetRoute({ MTU: number, Window: number, IRTT: number }),
    inetRoute({ Metric: number, RefCnt: number, Use: number, Flags: '0201' }),
  ]),
  ...[
    ['0.0.0.0', '0.0.0.0'],
    ['0.0.0.0', '128.0.0.0'],
    ['0.0.0.0', '255.255.255.255'],
    ['10.0.0.1', '255.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['127.0.0.0', '255.0.0.0'],
    ['0.0.0.5', '255.255.255.0'],
    ['10.0.0.0', '0.0.0.0'],
    ['10.0.0.0', '0.255.0.255'],
  ].map(([destination, mask]) => inetRoute({ Destination: hexOf(destination!), Mask: hexOf(mask!) })),
];

const INET6_ROWS = [
  ...[
    '00000000',
    '00000001',
    '00000201',
    'ffffffff',
    'feffffff',
    '80200001',
    '01000001',
    '01000000',
    ...Array.from({ length: 32 }, (_, bit) => (2 ** bit).toString(16).padStart(8, '0')),
  ].map((flags) => inet6Route({ flags })),
  ...['00', '01', '40', '80', '81', 'ff'].map((prefixLength) => inet6Route({ prefixLength })),
  ...[
    ZEROS,
    `${'0'.repeat(31)}1`,
    `${'0'.repeat(20)}ffff0a000000`,
    `${'0'.repeat(24)}0a000000`,
    'f'.repeat(32),
    '20010db8000000000001000000000001',
  ].flatMap((address) => [
    inet6Route({ destination: address }),
    inet6Route({ nextHop: address, source: address }),
  ]),
  ...['00000000', 'ffffffff', '7fffffff', '80000000', '000f4240'].flatMap((metric) => [
    inet6Route({ metric }),
    inet6Route({ references: metric }),
    inet6Route({ use: metric }),
  ]),
  ...['lo', 'longifname12345', '*'].map((name) => inet6Route({ name })),
];

const CACHE_ROWS = [
  ...FLAGS.map((Flags) => cacheRoute({ Flags })),
  ...['0', '-1', '4294967295', '1234567'].map((number) =>
    cacheRoute(
      Object.fromEntries(
        ['Metric', 'RefCnt', 'Use', 'MTU', 'Window', 'IRTT', 'TOS', 'HHRef', 'HHUptod'].map((name) => [
          name,
          number,
        ]),
      ),
    ),
  ),
  cacheRoute({ Iface: 'longifname12345', SpecDst: 'FFFFFFFF' }),
  cacheRoute({ Destination: '00000000', Source: '00000000', Gateway: '00000000', SpecDst: '00000000' }),
];

export const NEIGHBOURS = [
  ...['00', '01', '02', '04', '08', '10', '20', '40', '80', '03', 'ff'].flatMap((state) =>
    ['0000', '0005'].map((references) => neighbour({ state, references })),
  ),
  ...['0001', '0002', '0004', '0008', '0080', 'ffff'].map((flags) => neighbour({ flags })),
  ...['ffffffff', '80000000', '-1', '-fffffff', '0'].map((stale) => neighbour({ stale })),
  ...['ffff', '-1', '-fff'].map((expires) => neighbour({ expires, references: '0' })),
  ...['0011', '', 'a b c d e f', 'zz:zz'].map((hardware) => neighbour({ hardware })),
  ...['0', '64', '3e8', '-64', 'ffffffff', '-1'].flatMap((updated) => [
    neighbour({ updated, confirmed: '7d0' }),
    neighbour({ updated, references: '0', expires: '400' }),
    neighbour({ updated, stale: '-fffffff', expires: '-fff', references: '0' }),
  ]),
  neighbour({ address: ZEROS }),
];

/** Every flag, every width, every kind of row. */
export const WHOLE = {
  route: `${INET_HEADING}${INET_ROWS.join('')}`,
  ipv6_route: INET6_ROWS.join(''),
  rt_cache: `${CACHE_HEADING}${CACHE_ROWS.join('')}`,
};
/** Tables of the families that Linux has given up, as its kernels printed them. */
export const LEGACY = {
  'ipx/route':
    'Network    Router_Net   Router_Node\n00001234   Directly     Connected\n00005678   0000ABCD     001122334455\n',
  ax25_route: 'callsign  dev  mode digipeaters\nN0CALL-15 ax0  ip\ndefault   ax1   *\n',
  nr_nodes:
    'callsign  mnemonic w n qual obs neigh qual obs neigh qual obs neigh\nNODE1-1   MNEM     1 1 192   6 00001\nNODE2-15  *        2 2 255   6 00001 100   5 00002\nNODE3     AB       1 1 192   6 00009\n',
  nr_neigh:
    'addr  callsign  dev  qual lock count failed digipeaters\n00001 NEIGH1-1  nr0   192    0     1   0\n00002 NEIGH2-15 nr10  192    0     1   0\n',
  rose_nodes:
    'address    mask n neigh neigh neigh\n1234567890 0010 2 00001 00002\n2234567890 0004 1 00002\n3234567890 0004 3 00001 00002 00003\n4          0001 0\n',
  rose_neigh:
    'addr  callsign  dev  count use mode restart  t0  tf digipeaters\n00001 NEIGH1-1  rose0  1   2  DTE     yes   0   0\n00002 NEIGH2-15 rs1    1   2  DCE      no   0   0\n',
  'x25/route':
    'Address          Digits  Device\n123456789012345  15      x25if0\n1234             4       wan0 \n000000000000000  0       lapb0\n',
  atalk_route:
    'Target        Router  Flags Dev\n0000:00     1234:05  3  eth0\n0005:01     0000:00  1     lt0\n',
};
