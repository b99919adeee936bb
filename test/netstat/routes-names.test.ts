import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModeScene } from '../../src/cli/mode-scene.ts';
import { parseCommandLine } from '../../src/cli/options.ts';
import { showRoutes } from '../../src/cli/routes-mode.ts';
import { ByteWriter } from '../../src/format/byte-writer.ts';
import type { Names } from '../../src/format/listing.ts';
import { addressKey, bytesOfKey, familyOfKey } from '../../src/names/address-set.ts';
import { addressText } from '../../src/socket/address.ts';
import { requirement } from '../requirements.ts';
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
import { optionsOf, readable } from './synthetic-comparison.ts';
import { netstat, runOn } from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat');

const HOSTS: Readonly<Record<string, string>> = {
  '10.0.0.1': 'a-host-with-a-very-long-name.example.com',
  '10.0.0.0': 'host-ten',
  '127.0.0.0': 'host-127',
  '169.254.0.0': 'host-169',
  '0.0.0.5': 'host-zero5',
  '0.0.0.0': 'never',
  '10.0.0.3': 'three',
  '1.2.3.4': 'x'.repeat(127),
  '1.2.3.0': 'y'.repeat(128),
  '::1': 'ip6-localhost',
  '2001:db8::': 'net6',
  '2001:db8::1': 'x'.repeat(127),
  '2001:db8::2': 'y'.repeat(128),
  'fe80::1': 'fe80one',
  '::': 'never',
};
const NETWORKS: Readonly<Record<string, string>> = {
  '10.0.0.0': 'netten',
  '127.0.0.0': 'loopback',
  '169.254.0.0': 'link-local',
  '192.168.1.0': 'a-very-long-network-name',
  '0.0.0.5': 'zero5',
  '0.5.0.0': 'zero05',
  '224.0.0.0': 'multicast',
  '10.0.0.1': 'net101',
};
const ETC = {
  hosts: Object.entries(HOSTS)
    .map(([address, name]) => `${address} ${name}\n`)
    .join(''),
  networks: Object.entries(NETWORKS)
    .map(([address, name]) => `${name} ${address}\n`)
    .join(''),
};

const ADDRESSES = [
  '0.0.0.0',
  '10.0.0.0',
  '10.0.0.1',
  '127.0.0.0',
  '169.254.0.0',
  '192.168.1.0',
  '0.0.0.5',
  '0.5.0.0',
  '224.0.0.0',
  '10.0.0.3',
  '1.2.3.4',
  '1.2.3.0',
  '9.9.9.9',
];
const MASKS = [
  '0.0.0.0',
  '128.0.0.0',
  '255.0.0.0',
  '255.255.0.0',
  '255.255.255.0',
  '255.255.255.255',
  '0.0.255.0',
];

const NET = {
  route:
    INET_HEADING +
    ADDRESSES.flatMap((address, index) =>
      MASKS.flatMap((mask) =>
        ['0001', '0003', '0005', '0201', '0205'].map((Flags) =>
          inetRoute({
            Destination: hexOf(address),
            Mask: hexOf(mask),
            Flags,
            Gateway: hexOf(ADDRESSES[(index * 5 + 3) % ADDRESSES.length]!),
          }),
        ),
      ),
    ).join(''),
  rt_cache:
    CACHE_HEADING +
    ADDRESSES.map((address, index) => {
      const other = (step: number): string => hexOf(ADDRESSES[(index * step + 3) % ADDRESSES.length]!);
      return cacheRoute({
        Destination: hexOf(address),
        Source: other(2),
        Gateway: other(5),
        SpecDst: other(7),
      });
    }).join(''),
  ipv6_route: ['01000001', '00000001']
    .flatMap((flags) =>
      [
        ZEROS,
        `${'0'.repeat(31)}1`,
        `20010db8${'0'.repeat(24)}`,
        `20010db8${'0'.repeat(23)}1`,
        `20010db8${'0'.repeat(23)}2`,
        `fe80${'0'.repeat(27)}1`,
        `${'0'.repeat(20)}ffff0a000001`,
      ].flatMap((address) => [
        inet6Route({ destination: address, nextHop: ZEROS, flags }),
        inet6Route({ nextHop: address, flags }),
      ]),
    )
    .join(''),
};
const NDISC = [ZEROS, `20010db8${'0'.repeat(23)}1`, `20010db8${'0'.repeat(23)}2`]
  .map((address) => neighbour({ address }))
  .join('');

const COLUMNS = ['', '-e', '-ee', '-eee'];
const LINES = ['', '-C', '-6', '-C6', '-FC -4 -6 -4'].flatMap((line) =>
  COLUMNS.map((columns) => `-r ${columns} ${line}`),
);

describe.skipIf(missing !== undefined)(`routes by name beside netstat ${missing ?? ''}`, () => {
  it.each([
    ['as Linux has them', NET, [...LINES, '-rN', '-rN6', '-rNC']],
    ['with neighbours of IPv6', { ...NET, ndisc: NDISC }, ['-rC6', '-reC6', '-rNC6']],
  ] as const)('are shown alike: %s', async (_, net, lines) => {
    const outcomes = runOn(
      { net, etc: ETC },
      lines.map((line) => netstat(optionsOf(line))),
    );
    const folder = mkdtempSync(join(tmpdir(), 'sockscope-routes-'));
    try {
      mkdirSync(join(folder, 'net'));
      for (const [name, text] of Object.entries(net)) writeFileSync(join(folder, 'net', name), text);
      for (const [index, line] of lines.entries()) {
        const stdout = await ours(optionsOf(line), join(folder, 'net'));
        expect(readable(line, { stdout, stderr: '', code: 0 })).toEqual(readable(line, outcomes[index]!));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** What our command prints where hosts and networks have those names, and nothing has one that was not looked up. */
async function ours(words: readonly string[], netDirectory: string): Promise<string> {
  const context = { program: 'netstat', environment: {}, selinuxEnabled: () => false };
  const { outcome } = parseCommandLine(words, context);
  if (outcome.kind !== 'request') throw new Error(`${words.join(' ')} is no request`);
  let stdout = '';
  const out = new ByteWriter((bytes) => {
    stdout += Buffer.from(bytes).toString('latin1');
  });
  const known = new Map<string, string | undefined>();
  const names: Names = {
    host: (addresses, offset, family) => {
      const key = addressKey(addresses, offset, family);
      if (!known.has(key)) throw new Error(`${addressText(addresses, offset, family)} was not looked up`);
      return known.get(key);
    },
    network: (address) => NETWORKS[[24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')],
  };
  const hosts: ModeScene['hosts'] = {
    resolve: async (addresses) => {
      expect(known.size, 'looks all addresses up at once').toBe(0);
      for (const key of addresses) known.set(key, HOSTS[addressText(bytesOfKey(key), 0, familyOfKey(key))]);
    },
    of: names.host!,
    hold: () => undefined,
    close: () => {},
  };
  const host = { proc: { netDirectory: () => netDirectory } } as ModeScene['host'];
  const scene: ModeScene = {
    program: 'netstat',
    host,
    out,
    say: (text) => expect(text).toBe(''),
    names,
    hosts,
  };
  const status = await showRoutes(outcome.request, scene, 0);
  out.flush();
  expect(status).toBeUndefined();
  return stdout;
}
