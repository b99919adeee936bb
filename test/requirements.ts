import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What a test may need that a machine may lack: each answers why it is missing, or undefined. */
const checks = {
  root: () => (process.getuid?.() === 0 ? undefined : 'not root'),
  netns: () => runs('unshare', ['-Urnm', 'true']),
  netstat: () => runs('netstat', ['-V']),
  ss: () => runs('ss', ['-V']),
  python3: () => runs('python3', ['--version']),
  addon: () =>
    existsSync(new URL('../build/Release/sockscope.node', import.meta.url))
      ? undefined
      : 'the addon is not built',
  setpriv: () => runs('setpriv', ['--version']),
  prlimit: () => runs('prlimit', ['--version']),
} satisfies Record<string, () => string | undefined>;

export type Requirement = keyof typeof checks;

const remembered = new Map<Requirement, string | undefined>();

/**
 * Why the machine lacks something, or undefined when it is there. The environment variable SOCKSCOPE_REQUIRE lists (by
 * commas) what must be there: then a lack is an error, so that a continuous-integration run cannot skip in silence.
 */
export function requirement(...names: Requirement[]): string | undefined {
  const required = (process.env.SOCKSCOPE_REQUIRE ?? '').split(',');
  for (const name of names) {
    if (!remembered.has(name)) remembered.set(name, checks[name]());
    const missing = remembered.get(name);
    if (missing === undefined) continue;
    if (required.includes(name)) throw new Error(`SOCKSCOPE_REQUIRE asks for "${name}": ${missing}`);
    return `${name} is missing: ${missing}`;
  }
  return undefined;
}

function runs(command: string, args: string[]): string | undefined {
  const result = spawnSync(command, args, { stdio: 'ignore' });
  if (result.error !== undefined) return `${command}: ${result.error.message}`;
  return result.status === 0 || command === 'netstat' ? undefined : `${command} ${args.join(' ')} failed`;
}
