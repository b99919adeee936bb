import { ipxHeading, ipxLine } from '../format/ipx-table.ts';
import { UserCells } from '../format/name-cells.ts';
import { parseIpxSockets } from '../kernel-tables/ipx-sockets.ts';
import { readKernelFile } from '../proc/kernel-file.ts';
import type { CommandRequest } from './command-request.ts';
import { EACCES, errnoOf } from './errno.ts';
import { LEGACY_TABLES } from './legacy-tables.ts';
import type { MissingTable } from './missing-table.ts';
import type { SectionScene } from './section-scene.ts';
import type { LegacyFamily } from './sections.ts';

/** Shows the sockets of a family that Linux has given up; `missing` judges a table that is not there. */
export function showLegacySockets(
  { label, file }: LegacyFamily,
  request: CommandRequest,
  scene: SectionScene,
  missing: (table: MissingTable) => number | undefined,
): number | undefined {
  const path = `${scene.host.proc.netDirectory()}/${file}`;
  // Undefined for IPX, whose rows have users, and which ends where netstat does.
  const table = LEGACY_TABLES[file];
  let bytes: Uint8Array;
  try {
    bytes = readKernelFile(path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === EACCES) return denied(path, scene);
    return missing({ label, path, errno });
  }
  if (table === undefined) return showIpx(bytes, request, scene);
  const { script, out } = scene;
  script.add(() => {
    for (const line of table(bytes, path, request)) out.ascii(line);
  });
  return undefined;
}

/** A table that may not be read is no missing one for netstat here, as those of Internet protocols are. */
function denied(path: string, { say }: SectionScene): number {
  say(`${path}: Permission denied\n`);
  return 255;
}

function showIpx(bytes: Uint8Array, request: CommandRequest, scene: SectionScene): number | undefined {
  const { script, out, names, say } = scene;
  const users = request.extend ? new UserCells(names.user) : undefined;
  script.add(() => out.ascii(ipxHeading(request.extend)));
  for (const row of parseIpxSockets(bytes)) {
    if (typeof row === 'string') {
      say(`netstat.c: Internal Error \`ipx socket format error in ${row} port'.\n`);
      return 255;
    }
    const user = users && Buffer.from(users.of(row.uid)).toString('latin1');
    script.add(() => out.ascii(ipxLine(row, user)));
  }
  return undefined;
}
