import type { Subject } from '../contract.ts';
import { linesCounted } from './rows.ts';
import { script } from './scripts.ts';

/** Rows that are formatted; they are made up, so that the load has no part in them. */
export const FORMATTED_ROWS = 100_000;

export type FormattedKind = 'inet' | 'inet6' | 'mixed';

/** The floor, or what is taken for one: a C program's snprintf. See bench/limits/format-rows.c. */
export function snprintfRows(kind: FormattedKind): Subject {
  return {
    name: `snprintf, ${kind} (C)`,
    yardstick: true,
    command: ({ tools }) => [tools.formatRows, kind, `${FORMATTED_ROWS}`],
    figures: true,
    witness: ({ tools }) => [tools.formatRows, kind, `${FORMATTED_ROWS}`, '--list'],
    rows: linesCounted(0),
  };
}

/** See inside/format.mjs. */
export function formattedRows(kind: FormattedKind, sameBytesAs: Subject): Subject {
  const command = script('format.mjs', kind, `${FORMATTED_ROWS}`);
  return {
    name: `format, ${kind}, warm`,
    command: () => command,
    figures: true,
    witness: () => [...command, '--list'],
    rows: linesCounted(0),
    sameBytesAs,
  };
}
