import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What a test may need that a machine may lack: each answers why it is missing, or undefined. */
const checks = {
  root: () => (process.getuid?.() === 0 ? undefined : 'not root'),
  netns: () => runs('unshare', ['-Urnm', 'true']),
  netstat: () => runs('netstat', ['-V']),
  ss: () => runs('ss', ['-V']),
  python3: () => runs('python3', ['--version']),
  addon: () => built('build/Release/sockscope.node'),
  dist: () => built('dist/cli/main.cjs'),
  setpriv: () => runs('setpriv', ['--version']),
  prlimit: () => runs('prlimit', ['--version']),
} satisfies Record<string, () => string | undefined>;

export type Requirement = keyof typeof checks;

const remembered = new Map<Requirement, string | undefined>();

// The environment variable SOCKSCOPE_REQUIRE lists (by commas) what must be there: a lack is then an error, so that a
// continuous-integration run cannot skip in silence, whichever test asks, or none.
for (const name of (process.env.SOCKSCOPE_REQUIRE ?? '').split(',').filter((word) => word !== '')) {
  if (!(name in checks)) throw new Error(`SOCKSCOPE_REQUIRE: there is no "${name}"`);
  const missing = requirement(name as Requirement);
  if (missing !== undefined) throw new Error(`SOCKSCOPE_REQUIRE: ${missing}`);
}

/** Why the machine lacks one of several things, or undefined when they are all there. */
export function requirement(...names: Requirement[]): string | undefined {
  for (const name of names) {
    if (!remembered.has(name)) remembered.set(name, checks[name]());
    const missing = remembered.get(name);
    if (missing !== undefined) return `${name} is missing: ${missing}`;
  }
  return undefined;
}

function built(path: string): string | undefined {
  return existsSync(new URL(`../${path}`, import.meta.url)) ? undefined : `${path} is not built`;
}

function runs(command: string, args: string[]): string | undefined {
  const result = spawnSync(command, args, { stdio: 'ignore' });
  if (result.error !== undefined) return `${command}: ${result.error.message}`;
  return result.status === 0 || command === 'netstat' ? undefined : `${command} ${args.join(' ')} failed`;
}
