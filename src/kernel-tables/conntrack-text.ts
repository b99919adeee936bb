import { SockscopeError } from '../errors.ts';
import type { Turn } from '../turn.ts';
import { ConntrackLine } from './conntrack-line.ts';
import { NAT_RECORD_BYTES, NatRecords } from './nat-record.ts';
import type { NatReading } from './nat-table.ts';
import { TABLES_HERE, type TableFiles } from './table-file.ts';

export interface TextLimits {
  /** What the records may take. */
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly turn: Turn;
  /** Default: on this thread. */
  readonly files?: TableFiles | undefined;
}

const READ_BYTES = 65_536;
const NEWLINE = 0x0a;
/** Bytes of a line: the kernel's longest have below a thousand. */
const MAX_LINE = 1_048_576;

/**
 * Reads the connections under NAT from /proc/net/nf_conntrack below `netDirectory`. Throws the system's error, the
 * signal's reason on abort, and an ERR_TOO_LARGE.
 */
export async function readConntrack(netDirectory: string, limits: TextLimits): Promise<NatReading> {
  const { files = TABLES_HERE } = limits;
  const file = await files.open(`${netDirectory}/nf_conntrack`);
  const parser = new ConntrackParser();
  try {
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      limits.signal?.throwIfAborted();
      const count = await file.read(buffer);
      if (count === 0) break;
      await limits.turn.taken();
      parser.take(buffer.subarray(0, count));
      if (parser.records.length * NAT_RECORD_BYTES > limits.maxBytes) throw tooLarge();
    }
  } finally {
    await file.close();
  }
  parser.finish();
  return parser;
}

/** The error for a NAT table that does not fit. */
export function tooLarge(): SockscopeError {
  return new SockscopeError('ERR_TOO_LARGE', 'the table takes more bytes than maxBytes allows', {
    operation: 'read the NAT table',
    remedy: 'raise maxBytes',
  });
}

function endlessLine(): SockscopeError {
  return new SockscopeError(
    'ERR_TOO_LARGE',
    `a line has more than ${MAX_LINE / 2 ** 20} MiB: no kernel writes that`,
    {
      operation: 'read nf_conntrack',
      remedy: 'look what file it is',
    },
  );
}

/** The connections under NAT in the whole text of /proc/net/nf_conntrack. */
export function parseConntrack(text: Uint8Array): NatReading {
  const parser = new ConntrackParser();
  parser.take(text);
  parser.finish();
  return parser;
}

/** Takes the text in pieces. */
class ConntrackParser implements NatReading {
  readonly records = new NatRecords();
  malformed = 0;
  duplicates = 0;
  readonly interrupted = false;
  /** What came behind the last newline. */
  #rest = '';
  readonly #line = new ConntrackLine();
  readonly #seen = new Set<string>();

  take(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#takeLine(this.#rest + bytes.toString('latin1', start, end));
      this.#rest = '';
      start = end + 1;
    }
    this.#rest += bytes.toString('latin1', start);
    if (this.#rest.length > MAX_LINE) throw endlessLine();
  }

  /** A last line may lack its newline. */
  finish(): void {
    if (this.#rest !== '') this.#takeLine(this.#rest);
    this.#rest = '';
  }

  #takeLine(text: string): void {
    const line = this.#line;
    if (!line.parse(text)) {
      this.malformed++;
      return;
    }
    if (line.nat === 0) return;
    // The kernel counts its way to where the next page begins: a connection that came in before makes one come twice.
    const { key } = line;
    if (this.#seen.has(key)) {
      this.duplicates++;
    } else {
      this.#seen.add(key);
      this.records.add(line.bytes);
    }
  }
}
