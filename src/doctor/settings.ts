import type { Need } from '../need.ts';

/** Where something is given to a process, in the words of each place; a place that has none lacks the key. */
export interface Setting {
  readonly need: Need;
  /** Options of `docker run`, and of `podman run`. */
  readonly docker?: string;
  /** Fields of a pod. */
  readonly kubernetes?: string;
  /** Lines of a unit; in brackets what is to be known of them. */
  readonly systemd?: string;
  /** A command for root, on the host. */
  readonly host?: string;
}

/**
 * How each need is met, with the process file system that was asked; one that there are no more words for than its name has
 * none.
 */
export function settingsFor(needs: readonly Need[], procRoot = '/proc'): Setting[] {
  const seen = new Map<string, Need>(needs.map((one) => [`${one.kind} ${one.name}`, one]));
  return [...seen.values()].map((one) => ({ need: one, ...placesOf(one, procRoot) }));
}

type Places = Omit<Setting, 'need'>;

function placesOf({ kind, name }: Need, procRoot: string): Places {
  switch (kind) {
    case 'capability':
      return {
        docker: `--user=0 --cap-add=${name.replace(/^CAP_/, '')}`,
        kubernetes: `securityContext: {runAsUser: 0, capabilities: {add: [${name.replace(/^CAP_/, '')}]}}`,
        systemd: `AmbientCapabilities=${name}`,
      };
    case 'namespace':
      return NAMESPACE_PLACES[name] ?? {};
    case 'seccomp':
      return {
        docker: `--security-opt=seccomp=PROFILE, one that allows ${name}`,
        kubernetes: 'securityContext: {seccompProfile: {type: Localhost, localhostProfile: PROFILE}}',
        ...(name in SECCOMP_LINES && { systemd: addition(SECCOMP_LINES[name]!) }),
      };
    case 'group':
      return {
        docker: `--group-add=${name}`,
        kubernetes: `securityContext: {supplementalGroups: [${name}]}`,
        systemd: `SupplementaryGroups=${name}`,
      };
    case 'kernel':
      return /^[a-z]/.test(name) ? { host: `modprobe ${name}` } : {};
    case 'mount':
      return mountPlaces(procRoot)[name] ?? {};
    case 'limit':
      return LIMIT_PLACES[name] ?? {};
    default:
      return {};
  }
}

const NAMESPACE_PLACES: Readonly<Record<string, Places>> = {
  pid: { docker: '--pid=host', kubernetes: 'hostPID: true', systemd: 'PrivatePIDs=no' },
  network: { docker: '--network=host', kubernetes: 'hostNetwork: true', systemd: 'PrivateNetwork=no' },
  user: { docker: '--userns=host', kubernetes: 'hostUsers: true', systemd: 'PrivateUsers=no' },
};

/** What a filter that forbids the call would have to have beside what it has. */
const SECCOMP_LINES: Readonly<Record<string, readonly string[]>> = {
  'bpf(2)': ['SystemCallFilter=bpf'],
  'socket(2)': ['RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6', 'SystemCallFilter=socket'],
  'socket(AF_INET)': ['RestrictAddressFamilies=AF_INET'],
  'socket(AF_NETLINK)': ['RestrictAddressFamilies=AF_NETLINK'],
};

/** Alone, such a line would forbid all else: the program could not even start. */
function addition(lines: readonly string[]): string {
  const added = lines.map((line) => `${line} (below a ${line.replace(/=.*/, '=')} that is there)`);
  return added.join(', or ');
}

/** Units have words for their own /proc alone. */
function mountPlaces(procRoot: string): Readonly<Record<string, Places>> {
  const path = /^[\w./-]+$/.test(procRoot) ? procRoot : `'${procRoot.replaceAll("'", "'\\''")}'`;
  const unit = (systemd: string): Places => (procRoot === '/proc' ? { systemd } : {});
  return {
    proc: { ...unit('ProcSubset=all'), host: `mount -t proc proc ${path}` },
    'hidepid=0': { ...unit('ProtectProc=default'), host: `mount -o remount,hidepid=0 ${path}` },
    sysfs: { host: 'mount -t sysfs sysfs /sys' },
    "the host's proc": {
      docker: '--volume=/proc:/host/proc:ro, and --proc=/host/proc',
      kubernetes: 'volumes: [{hostPath: {path: /proc}}], mounted at /host/proc, and --proc=/host/proc',
    },
  };
}

const LIMIT_PLACES: Readonly<Record<string, Places>> = {
  RLIMIT_NOFILE: { docker: '--ulimit=nofile=1024', systemd: 'LimitNOFILE=1024' },
  RLIMIT_NPROC: { docker: '--ulimit=nproc=4096', systemd: 'LimitNPROC=4096' },
  'pids.max': { docker: '--pids-limit=4096', systemd: 'TasksMax=4096' },
  memory: {
    docker: '--memory=512m',
    kubernetes: 'resources: {limits: {memory: 512Mi}}',
    systemd: 'MemoryMax=512M',
  },
  'fs.file-max': { host: 'sysctl -w fs.file-max=NUMBER' },
};
