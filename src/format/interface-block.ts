import type { InterfaceStatistics } from '../kernel-tables/device-lines.ts';
import type { Inet6Line } from '../kernel-tables/interface-addresses.ts';
import type { Device, DeviceMap } from '../kernel-tables/interface-devices.ts';
import { InterfaceFlag } from '../kernel-tables/interface-flags.ts';
import type { InterfaceRow } from '../kernel-tables/interface-table.ts';
import { compresses, hardwareLine } from './interface-hardware.ts';
import { bytesInUnits, flagsInBrackets, flagsNumber, unknownMedium } from './netstat-interface-quirks.ts';

const INDENT = '        ';
const NOT_SET = '[NONE SET]';
/** In netstat's order. */
const FLAG_WORDS: readonly (keyof typeof InterfaceFlag)[] = [
  'up',
  'broadcast',
  'debug',
  'loopback',
  'pointopoint',
  'notrailers',
  'running',
  'noarp',
  'promisc',
  'allmulti',
  'slave',
  'master',
  'multicast',
  'dynamic',
];
/** Ports of a card: IF_PORT_* of linux/netdevice.h. */
const MEDIA = ['unknown', '10base2', '10baseT', 'AUI', '100baseT', '100baseTX', '100baseFX'];
/** Bits of a scope, in netstat's order. */
const SCOPES: readonly (readonly [number, string])[] = [
  [0x20, 'link'],
  [0x40, 'site'],
  [0x10, 'host'],
];
const COMPATIBLE = 0x80;

/** An interface as `-ie` shows it, and an empty line: a byte string. Of a device that is not known the lines are fewer. */
export function interfaceBlock({ name, device, statistics, inet6 }: InterfaceRow): string {
  const lines = [device === undefined ? `${name}:\n` : headLine(name, device)];
  if (device !== undefined) lines.push(...inet4Line(device));
  lines.push(...inet6.map((line) => `${INDENT}${inet6Text(line)}\n`));
  if (device !== undefined) lines.push(`${INDENT}${hardwareLine(device, statistics)}`, ...mediaLine(device));
  if (statistics !== undefined) lines.push(...counterLines(statistics, device?.hardwareType));
  if (device !== undefined) lines.push(...mapLine(device.map));
  return `${lines.join('')}\n`;
}

function headLine(name: string, { flags, mtu, outfill, keepalive }: Device): string {
  const words = FLAG_WORDS.filter((word) => (flags & InterfaceFlag[word]) !== 0).map((word) =>
    word.toUpperCase(),
  );
  const serial = outfill === 0 && keepalive === 0 ? '' : `  outfill ${outfill}  keepalive ${keepalive}`;
  return `${name}: flags=${flagsNumber(flags)}${flagsInBrackets(flags, words)}  mtu ${mtu}${serial}\n`;
}

function inet4Line({ flags, inet: [first] }: Device): string[] {
  if (first === undefined) return [];
  const { address, netmask = NOT_SET, broadcast = NOT_SET, destination = NOT_SET } = first;
  const all = (flags & InterfaceFlag.broadcast) === 0 ? '' : `  broadcast ${broadcast}`;
  const other = (flags & InterfaceFlag.pointopoint) === 0 ? '' : `  destination ${destination}`;
  return [`${INDENT}inet ${address}  netmask ${netmask}${all}${other}\n`];
}

function inet6Text({ address, prefixLength, scope }: Inet6Line): string {
  const compatible = (scope & COMPATIBLE) !== 0;
  const rest = scope & ~COMPATIBLE;
  const words = rest === 0 ? ['global'] : SCOPES.flatMap(([bit, word]) => ((rest & bit) === 0 ? [] : [word]));
  const all = [...(compatible ? ['compat'] : []), ...words];
  // An IPv4 address mapped into IPv6 is shown as IPv4.
  const shown = address.replace(/^::ffff:(?=.*\.)/, '');
  const known = all.length === 0 ? '' : `<${all.join(',')}>`;
  return `inet6 ${shown}  prefixlen ${prefixLength}  scopeid 0x${(scope >>> 0).toString(16)}${known}`;
}

function mediaLine({ flags, map }: Device): string[] {
  if ((flags & InterfaceFlag.portsel) === 0) return [];
  const automatic = (flags & InterfaceFlag.automedia) === 0 ? '' : 'autoselect';
  return [`${INDENT}media ${MEDIA[map.port] ?? unknownMedium()}${automatic}\n`];
}

function counterLines(counters: InterfaceStatistics, hardwareType: number | undefined): string[] {
  const { rxPackets, rxBytes, rxErrors, rxDropped, rxFifo, rxFrame, rxCompressed } = counters;
  const { txPackets, txBytes, txErrors, txDropped, txFifo, txCarrier, collisions, txCompressed } = counters;
  const compressed = hardwareType !== undefined && compresses(hardwareType);
  const lines = [
    `RX packets ${rxPackets}  bytes ${rxBytes} (${bytesInUnits(rxBytes)})`,
    ...(compressed ? [`RX compressed:${rxCompressed}`] : []),
    `RX errors ${rxErrors}  dropped ${rxDropped}  overruns ${rxFifo}  frame ${rxFrame}`,
    `TX packets ${txPackets}  bytes ${txBytes} (${bytesInUnits(txBytes)})`,
    ...(compressed ? [`TX compressed ${txCompressed}`] : []),
    `TX errors ${txErrors}  dropped ${txDropped} overruns ${txFifo}  carrier ${txCarrier}  collisions ${collisions}`,
  ];
  return lines.map((line) => `${INDENT}${line}\n`);
}

function mapLine({ irq, baseAddress, memoryStart, memoryEnd, dma }: DeviceMap): string[] {
  const cells = [
    ...(irq === 0 ? [] : [`interrupt ${irq}  `]),
    ...(baseAddress < 0x100 ? [] : [`base 0x${baseAddress.toString(16)}  `]),
    ...(memoryStart === 0n ? [] : [`memory 0x${memoryStart.toString(16)}-${memoryEnd.toString(16)}  `]),
    ...(dma === 0 ? [] : [`  dma 0x${dma.toString(16)}`]),
  ];
  return cells.length === 0 ? [] : [`${INDENT}device ${cells.join('')}\n`];
}
