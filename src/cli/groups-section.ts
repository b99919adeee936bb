import { GROUPS_HEADING, groupLine } from '../format/groups-table.ts';
import { HostCells } from '../format/host-cells.ts';
import { groupLinesOfRound } from '../format/netstat-legacy-quirks.ts';
import type { BogusGroupLine, GroupLines, GroupRow, GroupsFile } from '../kernel-tables/groups.ts';
import { readKernelFile } from '../proc/kernel-file.ts';
import { errnoOf } from './errno.ts';
import type { MissingTable } from './missing-table.ts';
import type { SectionScene } from './section-scene.ts';
import type { Listing } from './sections.ts';

/** The status after which netstat does not look at the second file any more. */
const NO_FURTHER = 255;

/**
 * Shows the multicast groups; `missing` judges a table that is not there. Gives the exit status to end with, if any.
 * Seen of netstat: where igmp is missing, the rows of igmp6 are shown all the same before it ends.
 */
export function showGroups(
  { inet, inet6 }: Pick<Listing, 'inet' | 'inet6'>,
  scene: SectionScene,
  missing: (table: MissingTable) => number | undefined,
): number | undefined {
  const { script, out } = scene;
  const lines = groupLinesOfRound();
  script.add(() => out.ascii(GROUPS_HEADING));
  const status = inet ? showFile('igmp', lines, scene, missing) : undefined;
  if (inet6 && status !== NO_FURTHER) showFile('igmp6', lines, scene, () => undefined);
  return status;
}

function showFile(
  file: GroupsFile,
  lines: GroupLines,
  scene: SectionScene,
  missing: (table: MissingTable) => number | undefined,
): number | undefined {
  const path = `${scene.host.proc.netDirectory()}/${file}`;
  let bytes: Uint8Array;
  try {
    bytes = readKernelFile(path);
  } catch (error) {
    return missing({ label: 'AF INET (igmp)', path, errno: errnoOf(error) });
  }
  for (const line of lines.of(bytes)) show(line, scene);
  return undefined;
}

function show(line: GroupRow | BogusGroupLine, { script, out, names, say }: SectionScene): void {
  if ('bogus' in line) {
    say(`warning, got bogus ${line.form} line ${line.bogus}.\n`);
    return;
  }
  const hosts = names.host === undefined ? undefined : new HostCells(names);
  script.add(
    () => out.ascii(groupLine(line, hosts)),
    (into) => {
      if (HostCells.isHost(line.address, 0, line.family)) into.add(line.address, 0, line.family);
    },
  );
}
