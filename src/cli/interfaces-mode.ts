import { isShortOfMeans, isUnavailable, type SockscopeError } from '../errors.ts';
import { interfaceBlock } from '../format/interface-block.ts';
import { INTERFACE_COLUMNS, INTERFACE_TITLE, interfaceRow } from '../format/interface-table.ts';
import { NETSTAT_READING } from '../format/netstat-interface-quirks.ts';
import { ENODEV } from '../kernel-tables/interface-devices.ts';
import { InterfaceFlag } from '../kernel-tables/interface-flags.ts';
import {
  type InterfaceRow,
  type InterfaceTable,
  readInterfaceTable,
} from '../kernel-tables/interface-table.ts';
import type { CommandRequest } from './command-request.ts';
import { ENOENT, errnoOf, errorWords } from './errno.ts';
import type { ModeScene, ShowTable } from './mode-scene.ts';

export const showInterfaces: ShowTable = async (request, scene, round) => {
  const read = await readWithMeans(scene);
  if (read === undefined) return 1;
  const { table, lack } = read;
  say(scene, notes(table, request, scene, lack));
  if (request.interfaceName !== undefined && only(table, request.interfaceName) === undefined) {
    say(scene, `${scene.program}: -I ${request.interfaceName}: no such interface\n`);
    return 1;
  }
  const { out } = scene;
  if (round === 0) out.ascii(INTERFACE_TITLE);
  if (!request.extend) out.ascii(INTERFACE_COLUMNS);
  for (const row of wanted(table, request)) {
    const errno = row.device?.errno ?? 0;
    if (errno !== 0) {
      say(scene, vanished(row.name, errno));
      return 1;
    }
    if (isShown(row, request)) out.ascii(request.extend ? interfaceBlock(row) : interfaceRow(row));
  }
  if (table.unreadable === undefined || table.listErrno === 0) return undefined;
  say(scene, missing(table.listErrno));
  return 1;
};

interface Read {
  readonly table: InterfaceTable;
  /** Why ioctls were not used, where they were to be. */
  readonly lack?: SockscopeError;
}

/** By ioctls on a thread of the addon's; where no thread is to be had, from /sys/class/net, or the counters alone. */
async function readWithMeans(scene: ModeScene): Promise<Read | undefined> {
  try {
    const table = await read(scene, scene.host.binding);
    return table && { table };
  } catch (error) {
    if (!isShortOfMeans(error)) throw error;
    const table = await read(scene, undefined);
    if (table === undefined || table.unreadable !== undefined) throw error;
    return { table, lack: error };
  }
}

async function read(
  scene: ModeScene,
  binding: ModeScene['host']['binding'],
): Promise<InterfaceTable | undefined> {
  const { proc } = scene.host;
  const own = proc.showsOwnNamespace() === 'yes';
  try {
    const question = { netDirectory: proc.netDirectory(), binding, own, addresses: 'first' } as const;
    return await readInterfaceTable(question, NETSTAT_READING);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    say(scene, 'No usable address families found.\nsocket: No such file or directory\n');
    return undefined;
  }
}

/** What is to be said before the table. */
function notes(
  { source, unreadable, inet, listErrno }: InterfaceTable,
  { extend }: CommandRequest,
  { program, host }: ModeScene,
  lack?: SockscopeError,
): string {
  const why = errorWords(unreadable === undefined ? ENOENT : errnoOf(unreadable));
  const path = `${host.proc.netDirectory()}/dev`;
  const lines: string[] = [];
  if (unreadable?.syscall === 'read') lines.push(`${path}: ${why}`);
  else if (unreadable !== undefined) lines.push(`Warning: cannot open ${path} (${why}). Limited output.`);
  // What netstat says there is how its search for sockets of other families has ended.
  if (source === 'ioctl' && !inet) lines.push(`warning: no inet socket available: ${why}`);
  if (listErrno !== 0) lines.push(`SIOCGIFCONF: ${errorWords(listErrno)}`);
  if (source === 'sysfs' && extend) {
    const where = lack === undefined ? 'without the addon' : `here: ${lack.message}`;
    lines.push(`${program}: IPv4 addresses are not shown ${where}`);
  }
  if (source === 'none') lines.push(`${program}: ${limits(host, lack)}`);
  return lines.map((line) => `${line}\n`).join('');
}

/** Why so little is known of interfaces. */
export function limits({ proc, binding }: ModeScene['host'], lack?: SockscopeError): string {
  const noIoctls = lack?.message ?? (binding === undefined ? 'there is no addon' : undefined);
  const why =
    noIoctls !== undefined && proc.showsOwnNamespace() === 'yes'
      ? `${noIoctls}, and /sys/class/net does not show them`
      : 'they are in another network namespace';
  return `of interfaces the counters alone are known, and IPv6 addresses: ${why}`;
}

function wanted(table: InterfaceTable, { interfaceName }: CommandRequest): readonly InterfaceRow[] {
  return interfaceName === undefined ? table.rows : [only(table, interfaceName)!];
}

function only({ rows }: InterfaceTable, name: string): InterfaceRow | undefined {
  const row = rows.find((one) => one.name === name);
  return row?.device?.errno === ENODEV ? undefined : row;
}

function isShown({ device }: InterfaceRow, { which, interfaceName }: CommandRequest): boolean {
  if (which === 'all' || interfaceName !== undefined || device === undefined) return true;
  return (device.flags & InterfaceFlag.up) !== 0;
}

/** What netstat says of an interface whose flags it cannot get; the list ends there. */
function vanished(name: string, errno: number): string {
  const fetching = errno === ENODEV ? 'Device not found' : errorWords(errno);
  return `${name}: error fetching interface information: ${fetching}\n${missing(errno)}`;
}

function missing(errno: number): string {
  return `missing interface information: ${errorWords(errno)}\n`;
}

/** Writes byte strings to stderr. */
function say(scene: ModeScene, lines: string): void {
  scene.say(Buffer.from(lines, 'latin1'));
}
