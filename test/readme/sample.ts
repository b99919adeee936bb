/** A sample of a terminal: lines `$ COMMAND`, each followed by what the command prints. */
export interface Sample {
  readonly command: string;
  /** A line `...` stands for any number of lines. */
  readonly lines: readonly string[];
}

/** What stands before the first `$` is an error. */
export function samplesOf(lines: readonly string[]): Sample[] {
  const samples: { command: string; lines: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) samples.push({ command: line.slice(2), lines: [] });
    else if (samples.length === 0) throw new Error(`whose output is this? ${line}`);
    else samples.at(-1)!.lines.push(line);
  }
  return samples;
}

/** The first line of the sample that was not printed where it should be, or undefined. */
export function misfit(sample: readonly string[], printed: readonly string[]): string | undefined {
  const shapes = printed.map(shapeOf);
  let at = 0;
  let anywhere = false;
  for (const line of sample) {
    if (line.trim() === '...') {
      anywhere = true;
      continue;
    }
    const found = anywhere ? shapes.indexOf(shapeOf(line), at) : shapes[at] === shapeOf(line) ? at : -1;
    if (found < 0) return line;
    at = found + 1;
    anywhere = false;
  }
  return anywhere || at === shapes.length ? undefined : `(nothing more, but there is) ${printed[at]}`;
}

/** A line without what differs from run to run: numbers, their units, and the blanks that they leave. */
function shapeOf(line: string): string {
  return line
    .replaceAll(/\d+(?:\.\d+)?/g, '#')
    .replaceAll(/# (?:[KMGT]i)?B\b/g, '# bytes')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
