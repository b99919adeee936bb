import { readdirSync, readlinkSync } from 'node:fs';

/** The inodes of this process's sockets; empty where /proc does not show them. */
export function ownSockets(): Set<number> {
  const inodes = new Set<number>();
  for (const name of descriptors()) {
    const match = /^socket:\[(\d+)\]$/.exec(targetOf(`/proc/self/fd/${name}`));
    if (match !== null) inodes.add(Number(match[1]));
  }
  return inodes;
}

function descriptors(): string[] {
  try {
    return readdirSync('/proc/self/fd');
  } catch {
    return [];
  }
}

/** Empty for a descriptor that another thread has closed meanwhile. */
function targetOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
