/** A holder as another program names it. */
export interface Named {
  readonly inode: number;
  readonly pid: number;
  readonly fd?: number;
}

/** The holders that `netstat -tuwanpe` names: the first process of each socket alone. */
export function holdersOfNetstat(text: string): Named[] {
  const found: Named[] = [];
  for (const line of text.split('\n')) {
    const row = /^(?:tcp|udp|udpl|raw)6? .* (\d+) +(\d+)\/.*$/.exec(line);
    if (row !== null) found.push({ inode: Number(row[1]), pid: Number(row[2]) });
  }
  return found;
}

/** The holders that `ss -tuanpeH` names. Programs call themselves what they like, over several lines, too. */
export function holdersOfSs(text: string): Named[] {
  const found: Named[] = [];
  for (const row of text.split(/ sk:/)) {
    const inode = /\bino:(\d+)$/.exec(row)?.[1];
    for (const [, pid, fd] of row.matchAll(/",pid=(\d+),fd=(\d+)\)/g)) {
      found.push({ inode: Number(inode), pid: Number(pid), fd: Number(fd) });
    }
  }
  return found;
}
