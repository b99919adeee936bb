import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** ELF's numbers of the machines that addons are built for. Others are little known, and not looked at. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const LOADED = 1;

/**
 * What makes a file of this platform unfit to be loaded, as far as its headers tell; undefined where nothing does, and for
 * what is no ELF file: the dynamic linker knows words for that. It has none for a file that was cut short: it maps what is
 * not there, and the process dies of SIGBUS. Throws the system's errors.
 */
export function elfFault(path: string, architecture: string = process.arch): string | undefined {
  // A pipe that nobody writes to is opened at once then, instead of never.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file, { bigint: true });
    return stats.isFile() ? faultOf(file, stats.size, architecture) : 'it is not a regular file';
  } finally {
    closeSync(file);
  }
}

function faultOf(file: number, size: bigint, architecture: string): string | undefined {
  const machine = MACHINES[architecture];
  const header = read(file, 0n, HEADER_BYTES);
  const isElf64 = header.length === HEADER_BYTES && header.readUInt32BE(0) === 0x7f454c46 && header[4] === 2;
  if (machine === undefined || !isElf64 || header[5] !== 1) return undefined;
  const theirs = header.readUInt16LE(18);
  if (theirs !== machine) return `it is for ${nameOf(theirs)}, this Node.js for ${architecture}`;
  const bytes = header.readUInt16LE(54);
  if (bytes !== PROGRAM_HEADER_BYTES)
    return `its program headers have ${bytes} bytes, not ${PROGRAM_HEADER_BYTES}`;
  const end = endOfMapped(file, header.readBigUInt64LE(32), header.readUInt16LE(56));
  return size < end ? `the file was cut short: it has ${size} of ${end} bytes and more` : undefined;
}

/** Where the last byte lies that is read or mapped: of the program headers, wherever they are, or of what they load. */
function endOfMapped(file: number, start: bigint, count: number): bigint {
  const bytes = count * PROGRAM_HEADER_BYTES;
  const headers = read(file, start, bytes);
  let end = start + BigInt(bytes);
  for (let at = 0; at + PROGRAM_HEADER_BYTES <= headers.length; at += PROGRAM_HEADER_BYTES) {
    const last = headers.readBigUInt64LE(at + 8) + headers.readBigUInt64LE(at + 32);
    if (headers.readUInt32LE(at) === LOADED && last > end) end = last;
  }
  return end;
}

/** At most so many bytes: fewer at the end of the file, none beyond what a file can have. */
function read(file: number, position: bigint, length: number): Buffer {
  if (position > BigInt(Number.MAX_SAFE_INTEGER)) return Buffer.alloc(0);
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, Number(position)));
}

function nameOf(machine: number): string {
  const known = Object.entries(MACHINES).find(([, number]) => number === machine);
  return known?.[0] ?? `machine ${machine} of ELF`;
}
