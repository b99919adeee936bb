import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Scene, Subject } from '../contract.ts';
import { lacksBpf } from './owner-limits.ts';
import { inside, script } from './scripts.ts';
import { command } from './sockscope.ts';

/** Pairs of commands in one run; the median of all runs is steady to some tenths of a millisecond. */
const PAIRS = 5;

const library = pathToFileURL(inside('../../../dist/index.js')).href;
const ADDON = fileURLToPath(new URL('../../build/Release/sockscope.node', import.meta.url));
const EMPTY = [process.execPath, '-e', '0'];
const EMPTY_MODULE = [process.execPath, '--input-type=module', '-e', '0'];
const IMPORT = [process.execPath, '--input-type=module', '-e', `import ${JSON.stringify(library)}`];

/** Node's start and end; it lists nothing. */
export const emptyNode: Subject = { name: 'node -e 0', yardstick: true, command: () => EMPTY };
export const emptyModule: Subject = {
  name: 'node, an empty module',
  yardstick: true,
  command: () => EMPTY_MODULE,
};
export const imported: Subject = { name: "import 'sockscope'", command: () => IMPORT };

/** See inside/open-host.mjs. */
export const openedHost: Subject = {
  name: 'openHost() and close(), warm',
  command: () => script('open-host.mjs'),
  figures: true,
};

/** What the command takes beyond Node's start, with hardly a socket to list. */
export const startUp: Subject = over('sockscope -tan over node -e 0', EMPTY, listing());
export const startUpProcfs: Subject = over(
  'sockscope -tan --source procfs over node -e 0',
  EMPTY,
  listing('--source', 'procfs'),
);
export const startUpOwners: Subject = over('sockscope -tanp over node -e 0', EMPTY, [
  process.execPath,
  command,
  '-tanp',
]);
/** The same of a question about listeners alone, with who holds them. */
export const listenersOver: Subject = {
  ...over('sockscope -tlnp, bpf, over node -e 0', EMPTY, [
    process.execPath,
    command,
    '-tlnp',
    '--owners',
    'bpf',
  ]),
  lacks: lacksBpf,
};
/** The same of the addon alone: a script that loads it and ends. */
export const addonOver: Subject = {
  ...over('the addon over node -e 0', EMPTY, [process.execPath, '-e', `require(${JSON.stringify(ADDON)})`]),
  lacks: () => (existsSync(ADDON) ? undefined : 'missing: the addon, which is not built here'),
};
export const importOver: Subject = over("import 'sockscope' over an empty module", EMPTY_MODULE, IMPORT);

function listing(...options: readonly string[]): readonly string[] {
  return [process.execPath, command, '-tan', ...options];
}

/** Prints overMs, overCpuMs, baseMs and baseCpuMs: see inside/over.mjs. */
function over(name: string, base: readonly string[], above: readonly string[]): Subject {
  const question = ({ tools, load }: Scene): string =>
    JSON.stringify({ runInside: tools.runInside, pid: load.pid, base, command: above, pairs: PAIRS });
  return { name, command: (scene) => script('over.mjs', question(scene)), figures: true };
}
