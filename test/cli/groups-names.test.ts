import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showGroups } from '../../src/cli/groups-section.ts';
import { Script } from '../../src/cli/script.ts';
import { ByteWriter } from '../../src/format/byte-writer.ts';
import type { Names } from '../../src/format/listing.ts';
import { addressKey, bytesOfKey, familyOfKey } from '../../src/names/address-set.ts';
import type { HostNames } from '../../src/names/host-names.ts';
import { addressText, parseAddress } from '../../src/socket/address.ts';
import { IGMP, IGMP6 } from '../netstat/synthetic-groups.ts';

const LONG = 'n'.repeat(200);

/** Names by address. */
const NAMES: Readonly<Record<string, string>> = {
  '224.0.0.1': 'all-systems',
  '224.0.0.251': LONG,
  'ff02::1': 'ip6-allnodes',
  'ff02::fb': LONG,
};

function keyOf(text: string): string {
  const bytes = new Uint8Array(16);
  return addressKey(bytes, 0, parseAddress(text, bytes, 0)!);
}

describe('the names of groups', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-groups-'));
    writeFileSync(join(folder, 'igmp'), `${IGMP}\t0 1\n\t000A 1\n\tjunk\n`);
    writeFileSync(join(folder, 'igmp6'), `${IGMP6}1 lo ${'0'.repeat(32)} 1\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What is printed, what was said, and what was asked for by then. */
  async function shown(): Promise<{ rows: string[]; said: string; asked: string[] }> {
    const asked: string[] = [];
    const names: Map<string, string> = new Map(
      Object.entries(NAMES).map(([text, name]) => [keyOf(text), name]),
    );
    const hosts: HostNames = {
      resolve: async (wanted) => {
        for (const key of wanted) asked.push(addressText(bytesOfKey(key), 0, familyOfKey(key)));
      },
      of: () => undefined,
      hold: () => undefined,
      close: () => {},
    };
    const printed: string[] = [];
    const out = new ByteWriter((bytes) => printed.push(Buffer.from(bytes).toString('latin1')));
    const script = new Script(hosts);
    let said = '';
    const scene = {
      program: 'netstat',
      host: { proc: { path: folder, netDirectory: () => folder } } as never,
      out,
      names: {
        host: (bytes, offset, family) => names.get(addressKey(bytes, offset, family)),
        network: () => 'a-network',
      } satisfies Names,
      say: (lines: string) => script.add(() => (said += lines)),
      script,
    };
    expect(showGroups({ inet: true, inet6: true }, scene, () => 1)).toBeUndefined();
    expect({ printed, said }).toEqual({ printed: [], said: '' });
    await script.finish();
    out.flush();
    return { rows: printed.join('').split('\n').slice(3, -1), said, asked };
  }

  it('are looked up together, and shown as netstat shows those of hosts', async () => {
    const { rows, said, asked } = await shown();
    expect(rows.map((row) => row.slice(23))).toEqual([
      ...['all-systems', LONG.slice(0, 127), '224.0.100.1', '239.255.255.255', 'all-systems', '224.0.0.252'],
      ...['0.0.0.0', '10.0.0.0'],
      ...['ip6-allnodes', 'ff01::1', 'ff02::1:ff00:1', 'ff02::fb', '[::]'],
    ]);
    expect(asked).toEqual([
      ...['224.0.0.1', '224.0.0.251', '224.0.100.1', '239.255.255.255', '224.0.0.252', '10.0.0.0'],
      ...['ff02::1', 'ff01::1', 'ff02::1:ff00:1', 'ff02::fb'],
    ]);
    expect(said).toBe('warning, got bogus igmp line 12.\n');
  });
});
