import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A process made of files. */
export interface SyntheticProcess {
  /** Bytes of its `cmdline`. Undefined: there is none, as of a process that ends while it is looked at. */
  readonly commandLine?: string | Uint8Array | undefined;
  /** As the kernel calls it, in `stat`. */
  readonly comm?: string;
  /** Bytes of its `attr/current`. */
  readonly context?: string;
  /** What its descriptors lead to. */
  readonly links?: Readonly<Record<number, string>>;
  /** Its descriptors may not be listed. */
  readonly closed?: boolean;
}

/** A host made of files: what stands in /proc and in /etc while a command runs. */
export interface SyntheticHost {
  /** Files of /proc/net by name, such as `tcp` or `sctp/eps`; beside processes nothing else is in /proc. */
  readonly net: Readonly<Record<string, string | Uint8Array>>;
  /** Symbolic links in /proc/net by name, instead of the file of that name. */
  readonly links?: Readonly<Record<string, string>>;
  /** Files of /etc by name. Names are looked up in these alone, whatever the machine is set to. */
  readonly etc?: Readonly<Record<string, string>>;
  /** By pid. */
  readonly processes?: Readonly<Record<number, SyntheticProcess>>;
  /** Shell commands that are run first, in a network namespace with nothing but `lo`, down: `ip link add ...`. */
  readonly network?: readonly string[];
  /** The mode of /proc itself. Default: 0755. */
  readonly mode?: string;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** A command line, the program first. */
export type CommandLine = readonly string[];

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));

export function netstat(options: readonly string[]): CommandLine {
  return ['netstat', ...options];
}

/** Our command on the procfs source and scan: the kernel behind netlink and BPF knows nothing of a synthetic host. */
export function sockscope(options: readonly string[]): CommandLine {
  const settings = ['SOCKSCOPE_SOURCE=procfs', 'SOCKSCOPE_OWNERS=procfd', ...COVERAGE];
  return ['env', ...settings, process.execPath, COMMAND, ...options];
}

/** Set by `npm run coverage`: where Node.js is to write what it has run. */
const COVERAGE =
  process.env.SOCKSCOPE_COVERAGE === undefined ? [] : [`NODE_V8_COVERAGE=${process.env.SOCKSCOPE_COVERAGE}`];

/** Our command under netstat's name: owners by procfd, sockets by netlink. Those of SCTP are always read as text. */
export function netstatOfOurs(options: readonly string[]): CommandLine {
  return [process.execPath, './netstat', ...options];
}

/** Without the capabilities by which root of a namespace reads what modes forbid. */
export function unprivileged(line: CommandLine): CommandLine {
  return ['setpriv', '--bounding-set=-all', '--inh-caps=-all', ...line];
}

/** Files that a lookup of names reads, empty: no name comes from the machine, none from the network. */
const PLAIN_ETC: Readonly<Record<string, string>> = {
  'nsswitch.conf':
    'hosts: files\nnetworks: files\nservices: files\nprotocols: files\npasswd: files\ngroup: files\n',
  hosts: '',
  networks: '',
  services: '',
  protocols: '',
  passwd: 'root:x:0:0::/:/bin/sh\n',
  group: '',
};

/**
 * Runs the command lines one after the other in namespaces of their own (user, network, mount), with /proc and /etc
 * replaced by the host's files. Outcomes come in the order of the command lines; their bytes as latin1 text.
 */
export function runOn(host: SyntheticHost, commandLines: readonly CommandLine[]): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-synthetic-'));
  try {
    writeTree(join(folder, 'proc/net'), host.net);
    for (const [name, target] of Object.entries(host.links ?? {})) {
      rmSync(join(folder, 'proc/net', name), { force: true });
      symlinkSync(target, join(folder, 'proc/net', name));
    }
    writeTree(join(folder, 'etc'), { ...PLAIN_ETC, ...host.etc });
    if (existsSync('/etc/ld.so.cache')) copyFileSync('/etc/ld.so.cache', join(folder, 'etc/ld.so.cache'));
    mkdirSync(join(folder, 'out'));
    symlinkSync(COMMAND, join(folder, 'netstat'));
    for (const [pid, one] of Object.entries(host.processes ?? {})) {
      writeProcess(join(folder, 'processes', pid), pid, one);
    }
    writeFileSync(join(folder, 'run.sh'), script(host, commandLines));
    const { status, stderr, error } = spawnSync('unshare', ['-Urnm', 'sh', './run.sh'], {
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    });
    if (error !== undefined || status !== 0) throw error ?? new Error(`the namespace failed: ${stderr}`);
    return commandLines.map((_, index) => outcome(join(folder, 'out', String(index))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeTree(root: string, files: SyntheticHost['net']): void {
  mkdirSync(root, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

function writeProcess(folder: string, pid: string, process: SyntheticProcess): void {
  const { commandLine, comm, context, links } = process;
  mkdirSync(join(folder, 'fd'), { recursive: true });
  const numbers = Array.from({ length: 49 }, (_, index) => index + 1).join(' ');
  writeFileSync(join(folder, 'stat'), `${pid} (${comm ?? 'process'}) S ${numbers}\n`);
  if (commandLine !== undefined) writeFileSync(join(folder, 'cmdline'), commandLine);
  if (context !== undefined) writeTree(join(folder, 'attr'), { current: context });
  for (const [fd, target] of Object.entries(links ?? {})) symlinkSync(target, join(folder, 'fd', fd));
}

/** The highest pid first: a tmpfs lists the newest entry first, and netstat takes the first owner that it meets. */
function processCopies({ processes = {} }: SyntheticHost): string[] {
  return Object.entries(processes)
    .reverse()
    .flatMap(([pid, { closed }]) => [
      `cp -R processes/${pid} /proc/${pid}`,
      ...(closed ? [`chmod 0 /proc/${pid}/fd`] : []),
    ]);
}

function script(host: SyntheticHost, commandLines: readonly CommandLine[]): string {
  const runs = commandLines.map((words, index) => {
    const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    return `${line} >out/${index}.stdout 2>out/${index}.stderr </dev/null; echo $? >out/${index}.code`;
  });
  const network = host.network ?? [];
  const mounts = [...network, 'mount --bind etc /etc', 'mount -t tmpfs tmpfs /proc', 'cp -R proc/. /proc/'];
  mounts.push(...processCopies(host), `chmod ${host.mode ?? '0755'} /proc`);
  return `set -e\n${mounts.join('\n')}\nset +e\n${runs.join('\n')}\nexit 0\n`;
}

function outcome(path: string): Outcome {
  return {
    stdout: readFileSync(`${path}.stdout`, 'latin1'),
    stderr: readFileSync(`${path}.stderr`, 'latin1'),
    code: Number(readFileSync(`${path}.code`, 'latin1')),
  };
}
