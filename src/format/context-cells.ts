import type { ByteWriter } from './byte-writer.ts';
import type { RowOwners } from './program-cells.ts';

const CELL = 50;
/** A longer context is shown by its last bytes, one fewer than would fit. */
const LONGEST = 49;
const KEPT = 48;
const NOBODY = Uint8Array.of(0x2d);

/** As wide as netstat makes it: a column less than the cells are. */
export const CONTEXT_HEADING = ' Security Context'.padEnd(CELL);

/** What `-Z` adds to a row: the security context of the process that `-p` names, or a minus. */
export function writeContext(out: ByteWriter, owners: RowOwners | undefined, row: number): void {
  out.byte(0x20);
  out.bytesLeft(owners === undefined ? NOBODY : contextOf(owners, row), CELL);
}

/** That of the holder with the lowest pid which is still known. */
function contextOf({ ownerStart, ownerPid, processes }: RowOwners, row: number): Uint8Array {
  for (let at = ownerStart[row]!; at < ownerStart[row + 1]!; at++) {
    const process = processes.get(ownerPid[at]!);
    if (process === undefined) continue;
    if (process.context === undefined) return NOBODY;
    const context = Buffer.from(process.context);
    return context.length > LONGEST ? context.subarray(-KEPT) : context;
  }
  return NOBODY;
}
