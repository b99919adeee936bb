/** Rows of netstat and ss: the fourth and fifth word of each line after the heading. */
export function rowsOfColumns(headingLines: number): (stdout: string) => readonly string[] {
  return (stdout) =>
    lines(stdout, headingLines).map((line) => {
      const words = line.split(/ +/, 5);
      return `${words[3]} ${words[4]}`;
    });
}

/** Rows of netstat -p, "address:port address:port pid": the first number of the seventh word; - where nobody is named. */
export function rowsWithPid(headingLines: number): (stdout: string) => readonly string[] {
  return (stdout) =>
    lines(stdout, headingLines).map((line) => {
      const words = line.split(/ +/, 7);
      return `${words[3]} ${words[4]} ${words[6]?.split('/', 1)[0]}`;
    });
}

/** Rows of ss -p: the lowest pid of users:(("program",pid=1,fd=2),...). A program's name has no '",pid='. */
export function rowsOfSsUsers(stdout: string): readonly string[] {
  return lines(stdout, 0).map((line) => {
    const words = line.split(/ +/, 5);
    const pids = [...line.matchAll(/",pid=(\d+),fd=/g)].map(([, pid]) => Number(pid));
    return `${words[3]} ${words[4]} ${pids.length === 0 ? '-' : Math.min(...pids)}`;
  });
}

/** Rows of lsof -i, a line a descriptor: of those of one socket the lowest pid. Blanks in a program's name are escaped. */
export function rowsOfLsof(stdout: string): readonly string[] {
  const owners = new Map<string, number>();
  for (const line of lines(stdout, 1)) {
    const words = line.split(/ +/);
    const [local, remote = '0.0.0.0:*'] = words[8]!.split('->');
    const [socket, pid] = [`${local} ${remote}`, Number(words[1])];
    owners.set(socket, Math.min(pid, owners.get(socket) ?? pid));
  }
  return [...owners].map(([socket, pid]) => `${socket} ${pid}`);
}

/** Rows of /proc/net/tcp: addresses in the host's order (little-endian), ports, all in hex. */
export function rowsOfProcfs(stdout: string): readonly string[] {
  return lines(stdout, 1).map((line) => {
    const words = line.trimStart().split(/ +/, 3);
    return `${endpoint(words[1]!)} ${endpoint(words[2]!)}`;
  });
}

/** Rows of netstat -x: the inode, which stands behind flags, type and perhaps a state. */
export function rowsOfNetstatUnix(stdout: string): readonly string[] {
  return lines(stdout, 2).map((line) => /\] +[A-Z]+ +(?:[A-Z]+ +)?(\d+)/.exec(line)![1]!);
}

/** Rows of ss -x: the inode behind the name, "* 4711" where there is none. */
export function rowsOfSsUnix(stdout: string): readonly string[] {
  return lines(stdout, 0).map((line) => line.split(/ +/, 6)[5]!);
}

/** Rows of /proc/net/unix: the inode. */
export function rowsOfProcfsUnix(stdout: string): readonly string[] {
  return lines(stdout, 1).map((line) => line.split(/ +/, 7)[6]!);
}

/** Rows of ip route: the destination. */
export function rowsOfIpRoute(stdout: string): readonly string[] {
  return lines(stdout, 0).map((line) => line.split(' ', 1)[0]!);
}

/** Rows of netstat -r: the destination. */
export function rowsOfRoutes(stdout: string): readonly string[] {
  return lines(stdout, 2).map((line) => line.split(' ', 1)[0]!);
}

/** Lines after the heading. */
export function linesCounted(headingLines: number): (stdout: string) => number {
  return (stdout) => lines(stdout, headingLines).length;
}

/** Counts of states and programs, "ESTABLISHED nginx 4000" in whatever spelling of the state. */
export function rowsOfCounts(stdout: string): readonly string[] {
  return lines(stdout, 0).map((line) => line.toLowerCase().replace(/^estab /, 'established '));
}

/** Rows as our scripts list them. */
export function rowsOfList(stdout: string): readonly string[] {
  return lines(stdout, 0);
}

/** The number of rows a subject that only counts them has printed. */
export function rowsCounted(stdout: string): number {
  return (JSON.parse(stdout) as { rows: number }).rows;
}

/** The number of rows that each of several programs has counted, a line each. Throws when they do not agree. */
export function rowsCountedByAll(stdout: string): number {
  const counts = new Set(lines(stdout, 0).map(rowsCounted));
  if (counts.size !== 1) throw new Error(`programs of one subject count ${[...counts].join(' and ')} rows`);
  return [...counts][0]!;
}

function lines(text: string, headingLines: number): string[] {
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  return all.slice(headingLines);
}

function endpoint(hex: string): string {
  const address = [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
  return `${address}:${Number.parseInt(hex.slice(9), 16) || '*'}`;
}
