import type { Need } from '../need.ts';

/** Where something is given to a process, in the words of each place; a place that has none lacks the key. */
export interface Setting {
  readonly need: Need;
  /** Options of `docker run`, and of `podman run`. */
  readonly docker?: string;
  /** Fields of a pod. */
  readonly kubernetes?: string;
  /** Lines of a unit. */
  readonly systemd?: string;
  /** A command for root, on the host. */
  readonly host?: string;
}

/** How each need is met; one that there are no more words for than its name has none. */
export function settingsFor(needs: readonly Need[]): Setting[] {
  const seen = new Map<string, Need>(needs.map((one) => [`${one.kind} ${one.name}`, one]));
  return [...seen.values()].map((one) => ({ need: one, ...placesOf(one) }));
}

type Places = Omit<Setting, 'need'>;

function placesOf({ kind, name }: Need): Places {
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
        systemd: name.includes('AF_NETLINK')
          ? 'RestrictAddressFamilies=AF_NETLINK AF_UNIX AF_INET AF_INET6'
          : 'SystemCallFilter=bpf',
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
      return MOUNT_PLACES[name] ?? {};
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

const MOUNT_PLACES: Readonly<Record<string, Places>> = {
  proc: { systemd: 'ProcSubset=all', host: 'mount -t proc proc /proc' },
  'hidepid=0': { systemd: 'ProtectProc=default', host: 'mount -o remount,hidepid=0 /proc' },
  "the host's proc": {
    docker: '--volume=/proc:/host/proc:ro, and --proc=/host/proc',
    kubernetes: 'volumes: [{hostPath: {path: /proc}}], mounted at /host/proc, and --proc=/host/proc',
  },
};

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
