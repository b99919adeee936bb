/** Rows of netstat and ss: the fourth and fifth word of each line after the heading. */
export function rowsOfColumns(headingLines: number): (stdout: string) => readonly string[] {
  return (stdout) =>
    lines(stdout, headingLines).map((line) => {
      const words = line.split(/ +/, 5);
      return `${words[3]} ${words[4]}`;
    });
}

/** Rows of /proc/net/tcp: addresses in the host's order (little-endian), ports, all in hex. */
export function rowsOfProcfs(stdout: string): readonly string[] {
  return lines(stdout, 1).map((line) => {
    const words = line.trimStart().split(/ +/, 3);
    return `${endpoint(words[1]!)} ${endpoint(words[2]!)}`;
  });
}

/** Rows as our scripts list them. */
export function rowsOfList(stdout: string): readonly string[] {
  return lines(stdout, 0);
}

/** The number of rows a subject that only counts them has printed. */
export function rowsCounted(stdout: string): number {
  return (JSON.parse(stdout) as { rows: number }).rows;
}

function lines(text: string, headingLines: number): string[] {
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  return all.slice(headingLines);
}

function endpoint(hex: string): string {
  const address = [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
  return `${address}:${Number.parseInt(hex.slice(9), 16)}`;
}
