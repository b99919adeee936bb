// Modules of src/ that are no part of the library's interface, bundled here as the command's are, and loaded from memory.
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** What `contents`, TypeScript that lies in src/, exports. */
export async function bundled(contents) {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: fileURLToPath(new URL('../../../src', import.meta.url)), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
