// Rows of batches as all subjects of the bench list them.
import { Family } from '../../../dist/index.js';

/**
 * "address:port address:port", a port of 0 as *; with owners the lowest pid behind it, or -. A unix socket's row is its
 * inode. Addresses are IPv4, as all loads are: the last four bytes are all there is to one.
 */
export function rowsOf(batches, withOwners = false) {
  return batches.flatMap((batch) => {
    if (batch.column('family')[0] === Family.unix) return Array.from(batch.column('inode'), String);
    const [local, remote] = [endpointsOf(batch, 'local'), endpointsOf(batch, 'remote')];
    return Array.from({ length: batch.length }, (_, row) => {
      const owner = withOwners ? ` ${lowestPid(batch, row)}` : '';
      return `${local(row)} ${remote(row)}${owner}`;
    });
  });
}

export function write(rows) {
  process.stdout.write(rows.map((row) => `${row}\n`).join(''));
}

function endpointsOf(batch, side) {
  const addresses = batch.column(`${side}Address`);
  const ports = batch.column(`${side}Port`);
  return (row) => `${addresses.subarray(row * 16 + 12, row * 16 + 16).join('.')}:${ports[row] || '*'}`;
}

function lowestPid({ owners }, row) {
  const { ownerStart, ownerPid } = owners;
  return ownerStart[row] === ownerStart[row + 1] ? '-' : ownerPid[ownerStart[row]];
}
