// A small agent that is one executable: argv[2] tells where it has its addon.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getRawAsset } from 'node:sea';
import { answer, print } from './answer.mjs';

/** The loader of the system wants a file, in a folder that nobody else can write to. */
async function withAsset(use) {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  const addonPath = join(folder, 'sockscope.node');
  try {
    writeFileSync(addonPath, new Uint8Array(getRawAsset('sockscope.node')), { mode: 0o500 });
    return await use({ addonPath });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ways = {
  asset: () => withAsset(answer),
  beside: () => answer({ addonPath: join(dirname(process.execPath), 'sockscope.node') }),
  none: () => answer({}),
  long: () => answer({ procRoot: process.argv[3] }),
};
print(ways[process.argv[2]]());
