import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type Namespaced } from '../kernel/namespaced.ts';
import { requirement } from '../requirements.ts';

const missing =
  requirement('netns', 'python3', 'ip', 'dist') ??
  (existsSync('/proc/net/if_inet6') ? undefined : 'IPv6 is missing');
const withoutAddon = requirement('addon');

const command = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));
const script = fileURLToPath(new URL('../kernel/connect_scan.py', import.meta.url));

/** What connect_scan.py tells. */
interface Scan {
  /** The ports that were tried. */
  readonly first: number;
  readonly count: number;
  /** Where they were tried. */
  readonly address: string;
  readonly address6: string;
  /** Ports of sockets that take no IPv4 connection, which no listing tells. */
  readonly only6: readonly number[];
  /** Ports that took a connection, by IPv4 and by IPv6. */
  readonly open: readonly number[];
  readonly open6: readonly number[];
}

/** The ports that a listing has on one of the addresses. */
function listed(stdout: string, addresses: readonly string[]): number[] {
  return stdout
    .split('\n')
    .slice(2, -1)
    .flatMap((line) => {
      const local = line.split(/ +/)[3]!;
      const colon = local.lastIndexOf(':');
      return addresses.includes(local.slice(0, colon)) ? [Number(local.slice(colon + 1))] : [];
    })
    .sort((one, other) => one - other);
}

describe.skipIf(missing !== undefined)(`-tln beside a scan of ports from outside ${missing ?? ''}`, () => {
  let place: Namespaced<Scan>;
  beforeAll(async () => {
    place = await launch<Scan>({ script });
  }, 60_000);
  afterAll(() => place?.stop());

  const sources = withoutAddon === undefined ? ['netlink', 'procfs'] : ['procfs'];
  it.each(sources)('has, by %s, exactly the ports that answer', async (source) => {
    const { open, open6, only6, address, address6 } = place.description;
    const outcome = await place.run(process.execPath, [command, '-tln'], { SOCKSCOPE_SOURCE: source });
    expect(outcome).toMatchObject({ status: 0, stderr: Buffer.alloc(0) });
    const stdout = outcome.stdout.toString();
    const dual = listed(stdout, ['::']).filter((port) => !only6.includes(port));
    const inet = [...listed(stdout, ['0.0.0.0', address]), ...dual].sort((one, other) => one - other);
    expect(inet).toEqual(open);
    expect(listed(stdout, ['::', address6])).toEqual(open6);
    // Four of each: the wildcard, the address, and the wildcard of IPv6.
    expect(open).toHaveLength(12);
    expect(open6).toHaveLength(12);
  });
});
