import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { cannotMakeCgroup } from './places/means-cgroup.ts';

const CAP_SYS_ADMIN = 21n;
const CAP_PERFMON = 38n;
const CAP_BPF = 39n;

/** What a test may need that a machine may lack: each answers why it is missing, or undefined. */
const checks = {
  root: () => (process.getuid?.() === 0 ? undefined : 'not root'),
  netns: () => runs('unshare', ['-Urnm', 'true']),
  netstat: () => runs('netstat', ['-V']),
  ss: () => runs('ss', ['-V']),
  ip: () => runs('ip', ['-V']),
  tun: () => cannotOpen('/dev/net/tun'),
  iptables: () => runs('iptables', ['-V']),
  compiler: () => runs('cc', ['--version']),
  mandoc: () => runs('sh', ['-c', 'command -v mandoc']),
  zsh: () => runs('zsh', ['--version']),
  fish: () => runs('fish', ['--version']),
  python3: () => runs('python3', ['--version']),
  addon: () => built('build/Release/sockscope.node'),
  dist: () => built('dist/cli/main.cjs'),
  setpriv: () => runs('setpriv', ['--version']),
  prlimit: () => runs('prlimit', ['--version']),
  pidns: () => runs('unshare', ['-pf', '--mount-proc', 'true']),
  mountns: () => runs('unshare', ['-m', 'true']),
  bpf: () => mayNotUseBpf() ?? hasNoBtf(),
  seccomp: () => hasNoSeccomp(),
  bpffs: () => runs('unshare', ['-m', 'mount', '-t', 'bpf', 'bpf', '/mnt']),
  binutils: () => runs('readelf', ['--version']) ?? runs('strip', ['--version']),
  crosscompiler: () => runs('aarch64-linux-gnu-g++', ['--version']),
  prebuilds: () =>
    built('prebuilds/linux-x64/sockscope.glibc.node', 'npm run prebuilds') ??
    built('prebuilds/linux-arm64/sockscope.glibc.node', 'npm run prebuilds'),
  nodes: () => built('.nodes/package.json', 'npm run nodes'),
  arm64: () =>
    runs('qemu-aarch64', ['--version']) ??
    cannotOpen('/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1', constants.R_OK) ??
    built('.nodes/node_modules/arm64/bin/node', 'npm run nodes'),
  systemdanalyze: () => runs('systemd-analyze', ['--version']),
  systemd: () => cannotBoot(),
  crun: () => runs('crun', ['--version']),
  yamllint: () => runs('yamllint', ['--version']),
  pidscg: () => cannotMakeCgroup('pids'),
  memcg: () => cannotMakeCgroup('memory'),
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

function mayNotUseBpf(): string | undefined {
  const word = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
  const has = (capability: bigint): boolean => ((BigInt(`0x${word}`) >> capability) & 1n) === 1n;
  if (!has(CAP_SYS_ADMIN) && !(has(CAP_BPF) && has(CAP_PERFMON))) return 'no capability to use bpf(2)';
  const everyUser = /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'latin1'));
  return everyUser ? undefined : 'not in the first user namespace';
}

function hasNoBtf(): string | undefined {
  return cannotOpen('/sys/kernel/btf/vmlinux', constants.R_OK);
}

function cannotOpen(path: string, mode = constants.R_OK | constants.W_OK): string | undefined {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Where it was asked for, by a word that .ci/run says: what systemd_host.py needs beside systemd itself. */
function cannotBoot(): string | undefined {
  if (process.env.SOCKSCOPE_BOOT !== 'systemd')
    return 'it is booted where the environment variable SOCKSCOPE_BOOT is "systemd", and nowhere else';
  if (!existsSync('/lib/systemd/systemd')) return 'there is no /lib/systemd/systemd';
  const kernel = readFileSync('/proc/filesystems', 'latin1');
  if (!/\toverlay$/m.test(kernel)) return 'the kernel has no overlay file system';
  const [major = 0, minor = 0] = release()
    .split('.')
    .map((word) => Number.parseInt(word, 10));
  if (major < 5 || (major === 5 && minor < 12)) return `Linux ${release()} has no mount_setattr(2)`;
  const mounted = /^\S+ \S+ cgroup2 rw/m.test(readFileSync('/proc/mounts', 'latin1'));
  return mounted ? undefined : 'no control groups of version 2 that can be written to';
}

function hasNoSeccomp(): string | undefined {
  const known = /^Seccomp:\s*\d$/m.test(readFileSync('/proc/self/status', 'latin1'));
  if (!known) return 'the kernel has none';
  return ['x64', 'arm64'].includes(process.arch) ? undefined : `no filter is written for ${process.arch}`;
}

/** `maker`: the command that makes what the set-up does not. */
function built(path: string, maker?: string): string | undefined {
  if (existsSync(new URL(`../${path}`, import.meta.url))) return undefined;
  return `${path} is not built${maker === undefined ? '' : `: ${maker}`}`;
}

function runs(command: string, args: string[]): string | undefined {
  const result = spawnSync(command, args, { stdio: 'ignore' });
  if (result.error !== undefined) return `${command}: ${result.error.message}`;
  return result.status === 0 || command === 'netstat' ? undefined : `${command} ${args.join(' ')} failed`;
}
