import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { PYTHON } from './subjects/owner-programs.ts';

/** Where figures come from. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly node: string;
  readonly sockscope: string;
  readonly addon: 'release build' | 'debug build' | 'not built here';
  /** Versions of the programs beside us, by name; "missing" where they are not. */
  readonly programs: Readonly<Record<string, string>>;
}

export function machineHere(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    sockscope: packageVersion(new URL('../package.json', import.meta.url)),
    addon: addonBuild(),
    programs: {
      ss: version('ss', ['-V'], /iproute2-[\d.]+/),
      netstat: version('netstat', ['-V'], /net-tools [\d.]+/),
      lsof: version('lsof', ['-v'], /(?<=revision: )[\d.]+/),
      psutil: version(PYTHON, ['-c', 'import psutil; print(psutil.__version__)'], /^[\d.]+/),
      busybox: version('busybox', [], /(?<=BusyBox v)[\d.]+/),
      systeminformation: packageVersion(dependency('systeminformation')),
      'node-netstat': packageVersion(dependency('node-netstat')),
    },
  };
}

/** A fact a line. */
export function machineInWords(machine: Machine): string[] {
  const { cpu, cores, memoryGib, kernel, node, sockscope, addon, programs } = machine;
  const versions = Object.entries(programs).map(([name, known]) =>
    known === MISSING ? `no ${name}` : `${name} ${known}`,
  );
  return [
    `${cpu}, ${cores} cores, ${memoryGib} GiB`,
    `Linux ${kernel}, Node ${node}`,
    `sockscope ${sockscope}, addon: ${addon}`,
    versions.join(', '),
  ];
}

/** What is not the same of two machines, "kernel: 6.1 and 6.18". */
export function machineDifferences(one: Machine, other: Machine): string[] {
  const [left, right] = [factsOf(one), factsOf(other)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((fact) => left[fact] !== right[fact])
    .map((fact) => `${fact}: ${left[fact] ?? MISSING} and ${right[fact] ?? MISSING}`);
}

const MISSING = 'missing';

function factsOf({ programs, ...rest }: Machine): Readonly<Record<string, string | number>> {
  return { ...rest, ...programs };
}

function addonBuild(): Machine['addon'] {
  const root = new URL('../build/', import.meta.url);
  if (existsSync(new URL('Release/sockscope.node', root))) {
    const config = new URL('config.gypi', root);
    const debug = existsSync(config) && /"default_configuration": "Debug"/.test(readFileSync(config, 'utf8'));
    return debug ? 'debug build' : 'release build';
  }
  return existsSync(new URL('Debug/sockscope.node', root)) ? 'debug build' : 'not built here';
}

function dependency(name: string): URL {
  return new URL(`../node_modules/${name}/package.json`, import.meta.url);
}

function packageVersion(file: URL): string {
  if (!existsSync(file)) return MISSING;
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** netstat tells its version with exit code 0 or 1, lsof on either stream. */
function version(program: string, options: readonly string[], pattern: RegExp): string {
  const { error, stdout, stderr } = spawnSync(program, options, { encoding: 'latin1' });
  return error === undefined ? (pattern.exec(stdout + stderr)?.[0] ?? MISSING) : MISSING;
}
