import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { tcpSocketsOnHost } from './load/hold.ts';
import { PYTHON } from './subjects/owner-programs.ts';

/** Where the figures come from, a fact a line. */
export function machineFacts(): string[] {
  return [
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Linux ${release()}, Node ${process.version}`,
    `${version('netstat', /net-tools [\d.]+/)}, ${version('ss', /iproute2-[\d.]+/)}`,
    `${lsofVersion()}, ${psutilVersion()}`,
    `sockscope ${packageVersion()}, ${addonBuild()}`,
  ];
}

/** What may spoil the figures, in words; empty when nothing does. */
export function disturbances(sockets: number): string[] {
  const found: string[] = [];
  const others = tcpSocketsOnHost();
  if (others > Math.max(1000, sockets / 100)) {
    found.push(`${others} other TCP sockets on this host: every walk of the kernel's table passes them too`);
  }
  const load = loadavg()[0]!;
  if (load > 0.5)
    found.push(`load average ${load.toFixed(2)} before the start: somebody else is using the cores`);
  if (addonBuild().includes('debug')) found.push('the addon is a debug build');
  return found;
}

function addonBuild(): string {
  const root = new URL('../build/', import.meta.url);
  if (existsSync(new URL('Release/sockscope.node', root))) {
    const config = new URL('config.gypi', root);
    const debug = existsSync(config) && /"default_configuration": "Debug"/.test(readFileSync(config, 'utf8'));
    return debug ? 'addon: debug build' : 'addon: release build';
  }
  return existsSync(new URL('Debug/sockscope.node', root)) ? 'addon: debug build' : 'addon: not built here';
}

function packageVersion(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

function lsofVersion(): string {
  const { stdout, stderr } = spawnSync('lsof', ['-v'], { encoding: 'latin1' });
  const revision = /revision: ([\d.]+)/.exec(`${stdout}${stderr}`)?.[1];
  return revision === undefined ? 'no lsof' : `lsof ${revision}`;
}

function psutilVersion(): string {
  const asked = spawnSync(PYTHON, ['-c', 'import psutil; print(psutil.__version__)'], { encoding: 'latin1' });
  return asked.status === 0 ? `psutil ${asked.stdout.trim()}` : 'no psutil';
}

/** Throws when the program is not there. netstat tells its version with exit code 0 or 1 and on either stream. */
function version(program: string, pattern: RegExp): string {
  const { error, stdout, stderr } = spawnSync(program, ['-V'], { encoding: 'latin1' });
  if (error !== undefined) throw new Error(`${program} is needed to compare with: ${error.message}`);
  return pattern.exec(stdout + stderr)?.[0] ?? `${program} of unknown version`;
}
