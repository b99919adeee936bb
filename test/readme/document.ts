import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block: what stands behind the fence, and between the fences. */
export interface Block {
  readonly path: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  /** The info string, empty where there is none: what the text is. */
  readonly info: string;
  readonly lines: readonly string[];
}

/** A piece of a paragraph or a table cell: inline code, or the target of a link. */
export interface Span {
  readonly line: number;
  readonly text: string;
}

export interface Document {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly code: readonly Span[];
  readonly links: readonly Span[];
  /** What `#...` may follow this document's name in a link. */
  readonly anchors: ReadonlySet<string>;
  /** Rows of cells, the heading first; one entry a table. */
  readonly tables: readonly (readonly (readonly string[])[])[];
}

const FENCE = /^\s*```(.*)$/;

/** Every document that this repository has for people, in the tree as it stands. */
export const DOCUMENTS: readonly Document[] = documentPaths().map((path) =>
  parseDocument(path, readFileSync(join(ROOT, path), 'utf8')),
);

export function document(path: string): Document {
  const found = DOCUMENTS.find((one) => one.path === path);
  if (found === undefined) throw new Error(`there is no document ${path}`);
  return found;
}

/** The table whose heading begins with that cell. */
export function tableOf({ path, tables }: Document, heading: string): readonly (readonly string[])[] {
  const found = tables.find(([first]) => first?.[0] === heading);
  if (found === undefined) throw new Error(`${path} has no table of "${heading}"`);
  return found.slice(1);
}

function documentPaths(): string[] {
  const folders = ['.', 'bench', 'docs', 'deploy'];
  return folders.flatMap((folder) => {
    const recursive = folder === 'docs' || folder === 'deploy';
    return namesIn(folder, recursive)
      .filter((name) => name.endsWith('.md'))
      .map((name) => (folder === '.' ? name : `${folder}/${name}`))
      .sort();
  });
}

function namesIn(folder: string, recursive: boolean): string[] {
  try {
    return readdirSync(join(ROOT, folder), { recursive, encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export function parseDocument(path: string, text: string): Document {
  const blocks: Block[] = [];
  // Prose alone, each line where it was.
  const prose: string[] = [];
  let open: { line: number; info: string; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = FENCE.exec(line);
    if (fence === null) {
      open?.lines.push(line);
    } else if (open === undefined) {
      open = { line: index + 1, info: fence[1]!.trim(), lines: [] };
    } else {
      blocks.push({ path, ...open });
      open = undefined;
    }
    prose.push(open !== undefined || fence !== null ? '' : line);
  }
  if (open !== undefined) throw new Error(`${path}:${open.line}: the block has no end`);
  const paragraphs = prose.join('\n');
  const withoutCode = paragraphs.replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[^\n]/g, ' '));
  return {
    path,
    text,
    blocks,
    code: spans(paragraphs, /`([^`]+)`/g),
    links: spans(withoutCode, /\]\(([^)\s]+)\)/g),
    anchors: new Set(prose.flatMap(anchorOf)),
    tables: tablesIn(prose),
  };
}

function spans(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    // In a cell of a table a bar that is meant is escaped.
    text: match[1]!.replaceAll(/\s*\n\s*/g, ' ').replaceAll('\\|', '|'),
  }));
}

/** As GitHub makes them: letters, digits, dashes. */
function anchorOf(line: string): string[] {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading === undefined) return [];
  return [
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  ];
}

function tablesIn(lines: readonly string[]): string[][][] {
  const tables: string[][][] = [];
  let rows: string[][] | undefined;
  for (const line of lines) {
    if (!line.startsWith('|')) {
      rows = undefined;
      continue;
    }
    if (rows === undefined) {
      rows = [];
      tables.push(rows);
    }
    if (!/^[|\s:-]+$/.test(line)) rows.push(cellsOf(line));
  }
  return tables;
}

function cellsOf(line: string): string[] {
  const cells = line.trim().split(/(?<!\\)\|/);
  return cells.slice(1, -1).map((cell) => cell.trim().replaceAll('\\|', '|'));
}
