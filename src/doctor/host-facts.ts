import { PINNED_PATHS } from '../owners/pinned-paths.ts';
import { capabilitiesBeside, effectiveCapabilities, ownStatus } from '../proc/capabilities.ts';
import { NAMESPACES, type NamespaceName, type NamespaceRank, ownNamespace } from '../proc/namespaces.ts';
import { procMount } from '../proc/proc-mount.ts';
import { type ContainerFacts, containerFacts } from './container-signs.ts';
import { type LimitFacts, limitFacts } from './limit-facts.ts';
import type { Outside } from './outside.ts';
import { type RuntimeFacts, runtimeFacts } from './runtime-facts.ts';

/** Who runs this process. */
export interface UserFacts {
  /** `null` on systems without numbers for users. */
  readonly uid: number | null;
  readonly effectiveUid: number | null;
  readonly gid: number | null;
  /** Supplementary groups, and the one in effect. */
  readonly groups: readonly number[];
}

/** A process file system. */
export interface ProcFacts {
  /** Absolute. */
  readonly path: string;
  /** Whether there are processes at it, as far as this process may see. */
  readonly isMounted: boolean;
  /** Whether there are tables of the network at it. */
  readonly hasTables: boolean;
  /** Who is hidden from whom: a word or number of proc(5); `null`: nobody, or it cannot be told. */
  readonly hidepid: string | null;
  /** The number of the group that nobody is hidden from. */
  readonly hidepidGroup: string | null;
  /** `pid`: processes are all it shows; `null`: it shows everything. */
  readonly subset: string | null;
}

/** What a BPF iterator takes of the kernel. */
export interface BpfFacts {
  /** Whether /sys/kernel/btf/vmlinux can be read. */
  readonly hasBtf: boolean;
  /** Where an iterator is looked for, and whether something there can be read. */
  readonly pinned: readonly { readonly path: string; readonly isReadable: boolean }[];
  /** The kernel's lockdown: `none`, `integrity`, `confidentiality`; the last one forbids it. `null`: not told. */
  readonly lockdown: string | null;
}

/** What is left of system calls for this process. */
export interface SandboxFacts {
  /** `filter` may refuse calls, or kill for them; `null`: not told. */
  readonly seccomp: 'none' | 'strict' | 'filter' | null;
  readonly noNewPrivileges: boolean | null;
  /** The label of the security module, such as `docker-default (enforce)`; `null`: none, or not told. */
  readonly securityLabel: string | null;
}

/** What the host is like. Keys are always there; `null` is what cannot be told here, or is not there. */
export interface HostFacts extends RuntimeFacts {
  readonly user: UserFacts;
  /** In effect, in this process's user namespace; `null`: not told. */
  readonly capabilities: readonly string[] | null;
  /** All others that have a name; `null`: not told. */
  readonly lackingCapabilities: readonly string[] | null;
  readonly namespaces: Readonly<
    Record<NamespaceName, { readonly id: number | null; readonly rank: NamespaceRank }>
  >;
  readonly container: ContainerFacts;
  readonly proc: ProcFacts;
  readonly bpf: BpfFacts;
  readonly sandbox: SandboxFacts;
  readonly limits: LimitFacts;
  /** Files that names are read from: whether they are there, as far as this process may see. */
  readonly files: Readonly<Record<string, boolean>>;
}

/** What the command knows of itself. */
export interface OwnFacts {
  readonly version: string;
  readonly addon: RuntimeFacts['addon'];
  /** The process file system that is asked. */
  readonly procRoot: string;
  readonly netDirectory: string;
}

const NAME_FILES = ['/etc/services', '/etc/protocols', '/etc/passwd', '/etc/group', '/etc/hosts'];

/** Reads them; never throws. */
export function hostFacts(outside: Outside, own: OwnFacts): HostFacts {
  const status = outside.text('/proc/self/status') ?? '';
  const capabilities = effectiveCapabilities(status) ?? null;
  return {
    ...runtimeFacts(own.version, own.addon),
    user: userFacts(),
    capabilities,
    lackingCapabilities: capabilities && capabilitiesBeside(capabilities),
    namespaces: namespaceFacts(outside),
    container: containerFacts(outside),
    proc: procFacts(outside, own),
    bpf: bpfFacts(outside),
    sandbox: sandboxFacts(outside, status),
    limits: limitFacts(outside),
    files: Object.fromEntries(NAME_FILES.map((path) => [path, outside.exists(path)])),
  };
}

function userFacts(): UserFacts {
  return {
    uid: process.getuid?.() ?? null,
    effectiveUid: process.geteuid?.() ?? null,
    gid: process.getgid?.() ?? null,
    groups: process.getgroups?.() ?? [],
  };
}

function namespaceFacts(outside: Outside): HostFacts['namespaces'] {
  const told = NAMESPACES.map((name) => {
    const { id, rank } = ownNamespace(name, `${outside.root}/proc`);
    return [name, { id: id ?? null, rank }];
  });
  return Object.fromEntries(told) as HostFacts['namespaces'];
}

function procFacts(outside: Outside, { procRoot, netDirectory }: OwnFacts): ProcFacts {
  const mount = procMount(outside.text('/proc/self/mountinfo') ?? '', procRoot);
  return {
    path: procRoot,
    isMounted: outside.exists(`${procRoot}/self`) || outside.exists(`${procRoot}/1`),
    hasTables: outside.exists(netDirectory),
    hidepid: mount?.hidepid ?? null,
    hidepidGroup: mount?.group ?? null,
    subset: mount?.subset ?? null,
  };
}

function bpfFacts(outside: Outside): BpfFacts {
  const lockdown = outside.line('/sys/kernel/security/lockdown') ?? '';
  return {
    hasBtf: outside.isReadable('/sys/kernel/btf/vmlinux'),
    pinned: PINNED_PATHS.map((path) => ({ path, isReadable: outside.isReadable(path) })),
    lockdown: /\[(\w+)\]/.exec(lockdown)?.[1] ?? null,
  };
}

const SECCOMP = ['none', 'strict', 'filter'] as const;

function sandboxFacts(outside: Outside, status: string): SandboxFacts {
  const mode = ownStatus('Seccomp', status);
  const privileges = ownStatus('NoNewPrivs', status);
  // The text may end with a NUL.
  const label = outside.text('/proc/self/attr/current')?.replace(/[\0\s]+$/, '');
  return {
    seccomp: mode === undefined ? null : (SECCOMP[Number(mode)] ?? null),
    noNewPrivileges: privileges === undefined ? null : privileges === '1',
    securityLabel: label ? label : null,
  };
}
