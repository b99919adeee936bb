import { isUnavailable } from '../errors.ts';
import { lineOfMasquerade, lineOfRecord, type NatLine, NatWriter } from '../format/nat-table.ts';
import {
  MASQUERADE_FAULT_STATUS,
  masqueradeComplaint,
  showsPresentTable,
} from '../format/netstat-nat-quirks.ts';
import { parseMasquerade } from '../kernel-tables/masquerade.ts';
import { readNatEntries } from '../kernel-tables/nat.ts';
import type { NatTable } from '../kernel-tables/nat-table.ts';
import { AddressSet } from '../names/address-set.ts';
import { readKernelFile } from '../proc/kernel-file.ts';
import type { CommandRequest } from './command-request.ts';
import { EISDIR, errnoOf, errorWords, FORBIDDEN } from './errno.ts';
import type { ModeScene, ShowTable } from './mode-scene.ts';

const NO_SUPPORT = "netstat: no support for `ip_masquerade' on this system.\n";

/** Shows /proc/net/ip_masquerade, as netstat does, where there is one; else what the kernel translates today. */
export const showNat: ShowTable = async (request, scene) => {
  const path = `${scene.host.proc.netDirectory()}/ip_masquerade`;
  let bytes: Uint8Array;
  try {
    bytes = readKernelFile(path);
  } catch (error) {
    const errno = errnoOf(error);
    if (showsPresentTable(errno)) return showPresent(request, scene);
    scene.say(errno === EISDIR ? masqueradeComplaint('empty') : `${path}: ${errorWords(errno)}\n`);
    return MASQUERADE_FAULT_STATUS;
  }
  const table = parseMasquerade(bytes);
  if ('fault' in table) {
    scene.say(masqueradeComplaint(table.fault));
    return MASQUERADE_FAULT_STATUS;
  }
  await write(() => table.entries.map(lineOfMasquerade), request, scene);
  return undefined;
};

async function showPresent(request: CommandRequest, scene: ModeScene): Promise<number | undefined> {
  let table: NatTable;
  try {
    table = await readPresent(request, scene);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    scene.say(NO_SUPPORT);
    if (request.verbose && scene.program !== 'netstat' && FORBIDDEN.includes(error.errno ?? 0)) {
      scene.say(`${scene.program}: ${error.message}\n`);
    }
    return 1;
  }
  await write(() => linesOf(table), request, scene);
  for (const note of notesOn(table)) scene.say(`${scene.program}: ${note}\n`);
  return undefined;
}

/** What is to be said of a table that may lack entries. */
export function notesOn({ source, malformed, interrupted }: NatTable): string[] {
  const what = source === 'ctnetlink' ? 'message from the kernel' : 'line of nf_conntrack';
  const notes: string[] = [];
  if (malformed > 0) {
    notes.push(
      malformed === 1
        ? `a malformed ${what} was left out`
        : `${malformed} malformed ${what.replace(/^\w+/, '$&s')} were left out`,
    );
  }
  if (interrupted) notes.push('the table changed while it was read: entries may be missing');
  return notes;
}

function readPresent({ source }: CommandRequest, { host }: ModeScene): Promise<NatTable> {
  return readNatEntries({
    netDirectory: host.proc.netDirectory(),
    binding: source === 'procfs' ? undefined : host.binding,
    isOwnNamespace: host.proc.showsOwnNamespace() === 'yes',
    text: source !== 'netlink',
  });
}

function* linesOf({ records }: NatTable): Generator<NatLine, void, undefined> {
  for (let index = 0; index < records.length; index++) yield lineOfRecord(records.at(index));
}

/** Writes rows; `lines` is asked once more where their hosts are looked up first. */
async function write(
  lines: () => Iterable<NatLine>,
  { extend }: CommandRequest,
  { out, names, hosts }: ModeScene,
): Promise<void> {
  const writer = new NatWriter(out, { extend, numericHosts: hosts === undefined }, names);
  if (hosts !== undefined) {
    const wanted = new AddressSet();
    for (const line of lines()) writer.addHosts(line, wanted);
    if (wanted.size > 0) await hosts.resolve(wanted);
  }
  for (const line of lines()) writer.row(line);
}
