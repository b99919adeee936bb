import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** ELF's numbers of the machines that addons are built for. Others are little known, and not looked at. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
/** Linkers put the program headers behind the header; what lies elsewhere is left to the dynamic linker. */
const HEAD_BYTES = 4096;
const LOADED = 1;

/**
 * What makes a file of this platform unfit to be loaded, as far as its headers tell; undefined where nothing does, and for
 * what is no ELF file: the dynamic linker knows words for that. It has none for a file that was cut short: it maps what is
 * not there, and the process dies of SIGBUS. Throws the system's errors.
 */
export function elfFault(path: string, architecture: string = process.arch): string | undefined {
  const machine = MACHINES[architecture];
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const length = readSync(file, head, 0, HEAD_BYTES, 0);
    const isElf64 = length >= HEADER_BYTES && head.readUInt32BE(0) === 0x7f454c46 && head[4] === 2;
    if (machine === undefined || !isElf64 || head[5] !== 1) return undefined;
    const theirs = head.readUInt16LE(18);
    if (theirs !== machine) return `it is for ${nameOf(theirs)}, this Node.js for ${architecture}`;
    const { size } = fstatSync(file);
    const end = endOfSegments(head.subarray(0, length));
    return size < end ? `the file was cut short: it has ${size} of ${end} bytes and more` : undefined;
  } finally {
    closeSync(file);
  }
}

/** Where the last byte of the file lies that is mapped. */
function endOfSegments(head: Buffer): bigint {
  const count = head.readUInt16LE(56);
  let end = 0n;
  let at = head.readBigUInt64LE(32);
  for (let i = 0; i < count && at + BigInt(PROGRAM_HEADER_BYTES) <= head.length; i++) {
    const header = head.subarray(Number(at));
    const last = header.readBigUInt64LE(8) + header.readBigUInt64LE(32);
    if (header.readUInt32LE(0) === LOADED && last > end) end = last;
    at += BigInt(PROGRAM_HEADER_BYTES);
  }
  return end;
}

function nameOf(machine: number): string {
  const known = Object.entries(MACHINES).find(([, number]) => number === machine);
  return known?.[0] ?? `machine ${machine} of ELF`;
}
