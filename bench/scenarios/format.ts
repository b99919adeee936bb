import type { Goal, Scenario } from '../contract.ts';
import { FORMATTED_ROWS, type FormattedKind, formattedRows, snprintfRows } from '../subjects/formatting.ts';

const KINDS: readonly FormattedKind[] = ['inet', 'inet6', 'mixed'];
const MOST_NANOSECONDS = 100;

const pairs = KINDS.map((kind) => {
  const floor = snprintfRows(kind);
  return { kind, floor, ours: formattedRows(kind, floor) };
});

/** The text of `-tan`, made of sockets that are there already. No socket is looked at. */
export const format: Scenario = {
  name: 'format',
  title: `TCP sockets held, and ${FORMATTED_ROWS.toLocaleString('en')} rows made up, formatted alone`,
  sockets: 2,
  rows: () => FORMATTED_ROWS,
  subjects: pairs.flatMap(({ floor, ours }) => [floor, ours]),
  inside: pairs.flatMap(({ floor, ours }) =>
    [floor, ours].map((subject) => ({ subject, figure: 'nsPerRow' })),
  ),
  goals: pairs.flatMap(({ kind, floor, ours }): Goal[] => [
    {
      what: `formatting a row of -tan, ${kind}, ns`,
      headline: kind === 'inet',
      of: { subject: ours, figure: 'nsPerRow' },
      atMost: MOST_NANOSECONDS,
    },
    {
      what: `formatting a row of -tan, ${kind}, to snprintf`,
      of: { subject: ours, figure: 'nsPerRow' },
      to: { subject: floor, figure: 'nsPerRow' },
      atMost: 1,
    },
  ]),
};
