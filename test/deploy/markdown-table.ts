/** A row of a table, by the heading of each column. */
export type TableRow = Readonly<Record<string, string>>;

/** The table below a heading such as `## Users`; cells as they stand there. Throws where there is none, or a row is ragged. */
export function tableBelow(heading: string, markdown: string): readonly TableRow[] {
  const start = markdown.indexOf(`${heading}\n`);
  if (start < 0) throw new Error(`there is no "${heading}"`);
  const section = markdown.slice(start + heading.length).split(/\n#+ /, 1)[0]!;
  const [columns, , ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(cellsOf);
  if (columns === undefined || rows.length === 0) throw new Error(`there is no table below "${heading}"`);
  return rows.map((cells) => {
    if (cells.length !== columns.length)
      throw new Error(`a row of "${heading}" is ragged: ${cells.join(' | ')}`);
    return Object.fromEntries(columns.map((column, index) => [column, cells[index]!]));
  });
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\|\s*|\s*\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}
