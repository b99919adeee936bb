import { putHexGroup, putQuad } from './digits.ts';

const COLON = 0x3a;
const GROUPS = 8;
/** Where the run of an address begins that has none. */
const NOWHERE = GROUPS;

/** An IPv6 address as netstat shows it: a mapped IPv4 address as that, everything else as inet_ntop(3). */
export function putInet6(
  view: DataView,
  start: number,
  addresses: DataView,
  offset: number,
  numericHosts: boolean,
): number {
  const run = longestRun(zeroGroups(addresses, offset));
  const runStart = run >> 4;
  const runEnd = runStart + (run & 15);
  if (runStart === 0) {
    if (runEnd === GROUPS) return numericHosts ? putColons(view, start) : putUnspecifiedName(view, start);
    if (runEnd === 5 && addresses.getUint16(offset + 10) === 0xffff)
      return putQuadOf(view, start, addresses, offset);
    // `::1.2.3.4`; glibc looks at the length of the run alone.
    if (runEnd === 6) return putQuadOf(view, putColons(view, start), addresses, offset);
  }
  let at = start;
  for (let group = 0; group < runStart; group++) {
    if (group > 0) view.setUint8(at++, COLON);
    at = putHexGroup(view, at, addresses.getUint16(offset + 2 * group));
  }
  if (runStart === NOWHERE) return at;
  at = putColons(view, at);
  for (let group = runEnd; group < GROUPS; group++) {
    if (group > runEnd) view.setUint8(at++, COLON);
    at = putHexGroup(view, at, addresses.getUint16(offset + 2 * group));
  }
  return at;
}

function putQuadOf(view: DataView, at: number, addresses: DataView, offset: number): number {
  return putQuad(view, at, addresses.getUint32(offset + 12));
}

function putColons(view: DataView, at: number): number {
  view.setUint16(at, 0x3a3a);
  return at + 2;
}

function putUnspecifiedName(view: DataView, at: number): number {
  view.setUint32(at, 0x5d3a3a5b, true); // `[::]`
  return at + 4;
}

/** A bit for each group that is zero, the first group's the lowest. */
function zeroGroups(addresses: DataView, offset: number): number {
  let zeros = 0;
  for (let group = 0; group < GROUPS; group += 2) {
    const pair = addresses.getInt32(offset + 2 * group);
    // The sign of a half less one.
    const halves = (((pair >>> 16) - 1) >>> 31) | ((((pair & 0xffff) - 1) >>> 31) << 1);
    zeros |= halves << group;
  }
  return zeros;
}

/** What has been found, by the bits; 0: not looked for yet. */
const RUNS = new Uint8Array(1 << GROUPS);

/** Where the longest run of two zeros or more begins, the first of equals, four bits up; and its length. */
function longestRun(zeros: number): number {
  const known = RUNS[zeros]!;
  if (known !== 0) return known;
  let best = NOWHERE << 4;
  for (let start = 0; start < GROUPS; start++) {
    let end = start;
    while ((zeros & (1 << end)) !== 0) end++;
    if (end - start > Math.max(1, best & 15)) best = (start << 4) | (end - start);
  }
  RUNS[zeros] = best;
  return best;
}
