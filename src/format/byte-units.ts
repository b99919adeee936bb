const UNITS = ['EiB', 'PiB', 'TiB', 'GiB', 'MiB', 'KiB'] as const;

/** Bytes in the largest unit of which there is more than one, to a tenth, rounded down: `1024.0 B`, `1.0 KiB`. */
export function byteUnits(bytes: bigint): string {
  for (const [index, unit] of UNITS.entries()) {
    const size = 1n << BigInt(60 - 10 * index);
    if (bytes > size) return tenths((bytes * 10n) / size, unit);
  }
  return tenths(bytes * 10n, 'B');
}

function tenths(value: bigint, unit: string): string {
  return `${value / 10n}.${value % 10n} ${unit}`;
}
