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

/** A host made of files: what stands in /proc/net and in /etc while a command runs. */
export interface SyntheticHost {
  /** Files of /proc/net by name, such as `tcp` or `sctp/eps`; nothing else is in /proc. */
  readonly net: Readonly<Record<string, string | Uint8Array>>;
  /** Symbolic links in /proc/net by name, instead of the file of that name. */
  readonly links?: Readonly<Record<string, string>>;
  /** Files of /etc by name. Names are looked up in these alone, whatever the machine is set to. */
  readonly etc?: Readonly<Record<string, string>>;
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

/** Our command on the procfs source: the kernel behind netlink knows nothing of a synthetic host. */
export function sockscope(options: readonly string[]): CommandLine {
  return ['env', 'SOCKSCOPE_SOURCE=procfs', process.execPath, COMMAND, ...options];
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
    writeFileSync(join(folder, 'run.sh'), script(commandLines));
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

function script(commandLines: readonly CommandLine[]): string {
  const runs = commandLines.map((words, index) => {
    const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    return `${line} >out/${index}.stdout 2>out/${index}.stderr </dev/null; echo $? >out/${index}.code`;
  });
  const mounts = ['mount --bind etc /etc', 'mount -t tmpfs tmpfs /proc', 'cp -R proc/. /proc/'];
  return `set -e\n${mounts.join('\n')}\nset +e\n${runs.join('\n')}\nexit 0\n`;
}

function outcome(path: string): Outcome {
  return {
    stdout: readFileSync(`${path}.stdout`, 'latin1'),
    stderr: readFileSync(`${path}.stderr`, 'latin1'),
    code: Number(readFileSync(`${path}.code`, 'latin1')),
  };
}
