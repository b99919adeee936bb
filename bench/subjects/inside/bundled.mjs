// Modules of src/ that are no part of the library's interface, bundled as the command is, by the same program, and loaded
// from memory. Another bundler's output runs at another speed: esbuild makes `var` of a module's `const`, whose value V8
// then loads at each use, and checks.
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const ENTRY = fileURLToPath(new URL('../../../src/bundled-for-a-bench.ts', import.meta.url));

/** What `contents`, TypeScript that lies in src/, exports. */
export async function bundled(contents) {
  const { output } = await build({
    input: ENTRY,
    platform: 'node',
    write: false,
    logLevel: 'warn',
    plugins: [{ name: 'contents', resolveId: own(ENTRY), load: own({ code: contents, moduleType: 'ts' }) }],
    output: { format: 'esm', comments: false },
  });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}

/** A hook that answers for the entry and for nothing else. */
function own(answer) {
  return (id) => (id === ENTRY ? answer : null);
}
