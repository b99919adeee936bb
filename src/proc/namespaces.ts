import { readlinkSync, statSync } from 'node:fs';

export const NAMESPACES = ['pid', 'user', 'net', 'mnt'] as const;
export type NamespaceName = (typeof NAMESPACES)[number];

/** `first`: the one that the kernel began with; `unknown` where that cannot be told. */
export type NamespaceRank = 'first' | 'other' | 'unknown';

export interface Namespace {
  /** Its inode number; undefined where it cannot be seen. */
  readonly id: number | undefined;
  readonly rank: NamespaceRank;
}

/** Inode numbers that never change. Kernel: PROC_*_INIT_INO; those of net and mnt have been fixed since Linux 6.18. */
const FIRST: Readonly<Record<NamespaceName, number>> = {
  pid: 0xeffffffc,
  user: 0xeffffffd,
  net: 0xeffffff9,
  mnt: 0xeffffff8,
};
const ALWAYS_FIXED: readonly NamespaceName[] = ['pid', 'user'];

/**
 * Which namespace this process is in. Older kernels number the first one of `net` and of `mnt` as any other: then it is
 * the one of process 1, as long as that is the host's.
 */
export function ownNamespace(name: NamespaceName, proc = '/proc'): Namespace {
  const id = idOf(`${proc}/self/ns/${name}`);
  if (id === undefined) return { id, rank: 'unknown' };
  if (id === FIRST[name]) return { id, rank: 'first' };
  if (ALWAYS_FIXED.includes(name)) return { id, rank: 'other' };
  if (idOf(`${proc}/self/ns/pid`) !== FIRST.pid) return { id, rank: 'unknown' };
  const hosts = sameAsProcessOne(name, proc);
  return { id, rank: hosts === undefined ? 'unknown' : hosts ? 'first' : 'other' };
}

/** The link's text where it can be read: a made-up tree has no namespaces behind its links. */
function idOf(link: string): number | undefined {
  try {
    const number = /:\[(\d{1,10})\]$/.exec(readlinkSync(link))?.[1];
    return number === undefined ? undefined : Number(number);
  } catch {
    return undefined;
  }
}

function sameAsProcessOne(name: NamespaceName, proc: string): boolean | undefined {
  try {
    const [own, ones] = ['self', '1'].map((process) => statSync(`${proc}/${process}/ns/${name}`));
    return own!.ino === ones!.ino && own!.dev === ones!.dev;
  } catch {
    return undefined;
  }
}
