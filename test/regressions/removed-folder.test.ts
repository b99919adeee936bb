import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const missing = requirement('addon', 'dist');
const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const SAID = 'the working directory has been removed (name an absolute path)';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-removed-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs Node.js in a folder that is not there any more. */
function runRemoved(...words: readonly string[]) {
  const gone = join(folder, 'gone');
  mkdirSync(gone);
  const script = 'rmdir "$PWD" && exec "$@"';
  const options = { cwd: gone, encoding: 'utf8' } as const;
  return spawnSync('sh', ['-c', script, 'sh', process.execPath, ...words], options);
}

it.skipIf(missing !== undefined).each([
  [['pin', '--group=0', '--path=owners'], `pin --path owners: ${SAID}`],
  [['unpin', '--path=owners'], `unpin --path owners: ${SAID}`],
  [['doctor', '--proc=proc'], `open proc: ${SAID}`],
])(`%j has words for a relative path in a removed folder ${missing ?? ''}`, (words, said) => {
  const { status, stderr } = runRemoved(join(dist, 'cli/main.cjs'), ...words);
  expect([status, stderr]).toEqual([1, `sockscope: ${said}; 'sockscope doctor' tells more\n`]);
});

it('the library has words for a relative addonPath in a removed folder', () => {
  const program = join(folder, 'open.mjs');
  const library = JSON.stringify(join(dist, 'index.js'));
  writeFileSync(
    program,
    `import { openHost } from ${library};
    await openHost({ addonPath: 'mine.node' }).catch(({ name, message }) => console.log(name, message));`,
  );
  const { stdout, stderr } = runRemoved(program);
  expect([stdout, stderr]).toEqual([`SockscopeError load mine.node: ${SAID}\n`, '']);
});
