import type { Outside } from './outside.ts';

/** A limit of this process. `null`: there is none. */
export interface ProcessLimit {
  readonly soft: number | null;
  readonly hard: number | null;
}

/** What a control group allows: the least of its own and of all above it that are shown. */
export interface GroupLimit {
  readonly max: number;
  /** The file that says so. */
  readonly path: string;
}

/** What this process may have. `null`: no limit, or none that can be seen. */
export interface LimitFacts {
  /** RLIMIT_NOFILE. */
  readonly descriptors: ProcessLimit | null;
  /** RLIMIT_NPROC: processes and threads of this user. */
  readonly processes: ProcessLimit | null;
  /** Processes and threads of the control group. */
  readonly groupProcesses: GroupLimit | null;
  /** Bytes of memory of the control group. */
  readonly groupMemory: GroupLimit | null;
}

export function limitFacts(outside: Outside): LimitFacts {
  const limits = outside.text('/proc/self/limits') ?? '';
  const groups = outside.text('/proc/self/cgroup') ?? '';
  return {
    descriptors: processLimit(limits, 'Max open files'),
    processes: processLimit(limits, 'Max processes'),
    groupProcesses: groupLimit(outside, groups, PIDS),
    groupMemory: groupLimit(outside, groups, MEMORY),
  };
}

/** A line is: name, soft limit, hard limit, unit. */
function processLimit(text: string, name: string): ProcessLimit | null {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  const [soft, hard] = line?.slice(name.length).trim().split(/\s+/) ?? [];
  return soft === undefined || hard === undefined ? null : { soft: numberOf(soft), hard: numberOf(hard) };
}

interface Controller {
  readonly name: string;
  /** Files of version 1 and of version 2. */
  readonly files: readonly [first: string, second: string];
}

const PIDS: Controller = { name: 'pids', files: ['pids.max', 'pids.max'] };
const MEMORY: Controller = { name: 'memory', files: ['memory.limit_in_bytes', 'memory.max'] };
const ROOT = '/sys/fs/cgroup';
/** Version 1 writes the greatest multiple of a page for none. */
const MOST = 2 ** 62;

/** A line of /proc/self/cgroup is `<id>:<controllers>:<path>`; that of version 2 has id 0 and no controllers. */
function groupLimit(outside: Outside, groups: string, { name, files }: Controller): GroupLimit | null {
  let least: GroupLimit | null = null;
  for (const line of groups.split('\n')) {
    const [id, controllers = '', ...rest] = line.split(':');
    const isSecond = id === '0' && controllers === '';
    if (!isSecond && !controllers.split(',').includes(name)) continue;
    const tops = isSecond ? [ROOT, `${ROOT}/unified`] : [`${ROOT}/${name}`, `${ROOT}/${controllers}`];
    const file = files[isSecond ? 1 : 0];
    for (const top of new Set(tops)) {
      for (const folder of upwards(rest.join(':'))) {
        const path = `${top}${folder}/${file}`;
        const max = numberOf(outside.line(path) ?? 'max');
        if (max !== null && max < (least?.max ?? MOST)) least = { max, path };
      }
    }
  }
  return least;
}

/** A group and those above it: `/a/b`, `/a` and the top. The path of another namespace (`/../x`) leads nowhere. */
function upwards(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '..');
  return names.map((_, at) => `/${names.slice(0, names.length - at).join('/')}`).concat('');
}

function numberOf(word: string): number | null {
  return /^\d{1,20}$/.test(word) ? Number(word) : null;
}
