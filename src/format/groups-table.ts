import type { GroupRow } from '../kernel-tables/groups.ts';
import { type HostCells, hostText } from './host-cells.ts';

export const GROUPS_HEADING =
  'IPv6/IPv4 Group Memberships\n' +
  'Interface       RefCnt Group\n' +
  '--------------- ------ ---------------------\n';

/** A row of `-g`: a byte string. `hosts`: undefined where hosts are shown by number. */
export function groupLine(
  { interfaceName, family, address, users }: GroupRow,
  hosts: HostCells | undefined,
): string {
  const group = hostText(hosts, address, 0, family);
  return `${interfaceName.padEnd(15)} ${String(users).padEnd(6)} ${group}\n`;
}
