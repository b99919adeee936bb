import { AX25_HEADING, ax25Line } from '../format/ax25-table.ts';
import { NETROM_HEADING, netromLine } from '../format/netrom-table.ts';
import { unreadableLegacyLine } from '../format/netstat-legacy-quirks.ts';
import { ROSE_HEADING, roseLine } from '../format/rose-table.ts';
import { X25_HEADING, x25Line } from '../format/x25-table.ts';
import { parseAx25Sockets } from '../kernel-tables/ax25-sockets.ts';
import { parseNetromSockets } from '../kernel-tables/netrom-sockets.ts';
import { parseRoseSockets } from '../kernel-tables/rose-sockets.ts';
import { parseX25Sockets } from '../kernel-tables/x25-sockets.ts';
import type { CommandRequest } from './command-request.ts';

/** The lines of a table, its heading first: byte strings. `path`: the kernel's file, for messages. */
export type LegacyTable = (bytes: Uint8Array, path: string, request: CommandRequest) => Iterable<string>;

/** By the kernel's file. */
export const LEGACY_TABLES: Readonly<Record<string, LegacyTable>> = {
  ax25: tableOf({ heading: AX25_HEADING, parse: parseAx25Sockets, line: ax25Line, complaint: 'problem' }),
  x25: tableOf({
    heading: X25_HEADING,
    parse: parseX25Sockets,
    line: x25Line,
    complaint: 'Problem',
    shows: ({ channel }, { which }) => channel !== 0 || which === 'all',
  }),
  nr: tableOf({ heading: NETROM_HEADING, parse: parseNetromSockets, line: netromLine, complaint: 'Problem' }),
  rose: tableOf({ heading: ROSE_HEADING, parse: parseRoseSockets, line: roseLine, complaint: 'Problem' }),
};

interface TableParts<Row> {
  readonly heading: string;
  /** Undefined for a line that is no row. */
  readonly parse: (bytes: Uint8Array) => Iterable<Row | undefined>;
  readonly line: (row: Row) => string;
  /** The word with which the message about a line that is no row begins. */
  readonly complaint: string;
  /** Default: every row. */
  readonly shows?: (row: Row, request: CommandRequest) => boolean;
}

function tableOf<Row>({ heading, parse, line, complaint, shows = () => true }: TableParts<Row>): LegacyTable {
  return function* lines(bytes, path, request) {
    yield heading;
    for (const row of parse(bytes)) {
      if (row === undefined) yield unreadableLegacyLine(complaint, path);
      else if (shows(row, request)) yield line(row);
    }
  };
}
