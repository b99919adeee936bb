// Prints the NAT table of this network namespace as JSON: from each source, and from the better one of them.
import { join } from 'node:path';
import { loadAddon } from '../../src/addon/load-addon.ts';
import { readNatEntries } from '../../src/kernel-tables/nat.ts';
import type { NatTable } from '../../src/kernel-tables/nat-table.ts';

const packageRoot = join(import.meta.dirname, '../..');
const addon = loadAddon({ packageRoot, addonPath: undefined });
if (!('binding' in addon)) throw new Error(addon.reason);
const { binding } = addon;
const question = { netDirectory: '/proc/net', isOwnNamespace: true };

const answers = {
  auto: await answer(readNatEntries({ ...question, binding })),
  ctnetlink: await answer(readNatEntries({ ...question, binding, text: false })),
  text: await answer(readNatEntries({ ...question, binding: undefined })),
  bounded: await answer(readNatEntries({ ...question, binding, maxBytes: 136 })),
};
process.stdout.write(
  JSON.stringify(answers, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
);

async function answer(reading: Promise<NatTable>): Promise<unknown> {
  try {
    const table = await reading;
    const { source, better, malformed, interrupted } = table;
    return { source, better, malformed, interrupted, entries: [...table] };
  } catch (error) {
    const { code, reason, errno, remedy } = error as Record<string, unknown>;
    return { code, reason, errno, remedy };
  }
}
