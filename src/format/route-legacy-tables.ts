import type { DdpRoute } from '../kernel-tables/route-ddp.ts';
import type { IpxRoute } from '../kernel-tables/route-ipx.ts';
import type {
  Ax25Route,
  NetromRoute,
  PacketNeighbour,
  RoseRoute,
  X25Route,
} from '../kernel-tables/route-legacy.ts';
import { DDP_ROUTES_HEADING, ddpRouteFlags } from './netstat-route-quirks.ts';

/** The routes of families that Linux has given up, each table as one byte string. */

export function ipxRoutesText(routes: readonly IpxRoute[]): string {
  const row = ({ network, routerNetwork, routerNode = '' }: IpxRoute): string[] => [
    networkText(network),
    networkText(routerNetwork),
    routerNode,
  ];
  const rows = routes.map(
    (route) =>
      `${row(route)
        .map((cell) => cell.padEnd(25))
        .join(' ')}\n`,
  );
  return `Kernel IPX routing table\nDestination               Router Net                Router Node\n${rows.join('')}`;
}

function networkText(network: number): string {
  return network === 0 ? '' : network.toString(16).toUpperCase().padStart(8, '0');
}

export function ax25RoutesText(routes: readonly Ax25Route[]): string {
  const rows = routes.map(
    ({ destination, interfaceName, use }) =>
      `${destination.padEnd(9)}    ${interfaceName.padEnd(5)}  ${String(use).padStart(5)}\n`,
  );
  return `Kernel AX.25 routing table\nDestination  Iface    Use\n${rows.join('')}`;
}

/** A node whose neighbour is not there does not end its line. */
export function netromRoutesText(routes: readonly NetromRoute[]): string {
  const rows = routes.map(({ callsign, mnemonic, quality, neighbour }) => {
    const node = `${callsign.padEnd(9)}    ${mnemonic.padEnd(7)}   `;
    if (neighbour === undefined) return node;
    const via = `${neighbour.callsign.padEnd(9)}  ${neighbour.interfaceName}`;
    return `${node}${String(quality).padStart(3)}      ${via}\n`;
  });
  return `Kernel NET/ROM routing table\nDestination  Mnemonic  Quality  Neighbour  Iface\n${rows.join('')}`;
}

export function roseRoutesText(routes: readonly RoseRoute[]): string {
  const via = ({ callsign, interfaceName }: PacketNeighbour): string =>
    `${callsign.padEnd(10)}   ${interfaceName.padEnd(4)}`;
  const rows = routes.map(({ address, neighbours }) => {
    const cells = neighbours.map(({ number, found }) => `${padZeros(number)}  ${found.map(via).join('')}`);
    return `${address.padEnd(10)}   ${cells.join('')}\n`;
  });
  const columns = 'Destination  neigh1 callsign  device  neigh2 callsign  device  neigh3 callsign  device\n';
  return `Kernel ROSE routing table\n${columns}${rows.join('')}`;
}

/** Five characters, a sign in front of the zeros. */
function padZeros(value: number): string {
  return value < 0 ? `-${String(-value).padStart(4, '0')}` : String(value).padStart(5, '0');
}

export function x25RoutesText(routes: readonly X25Route[]): string {
  const rows = routes.map(({ address, digits, interfaceName }) => {
    // The padding goes by the digits that count, also where there are fewer.
    const destination = digits === 0 ? '*'.padEnd(20) : `${address}/${String(digits).padEnd(19 - digits)}`;
    return `${destination} ${interfaceName.padEnd(5)}\n`;
  });
  return `Kernel X.25 routing table\nDestination          Iface\n${rows.join('')}`;
}

export function ddpRoutesText(routes: readonly DdpRoute[]): string {
  const rows = routes.map(
    ({ destination, gateway, interfaceName, flags }) =>
      `${[destination, gateway, interfaceName].map((cell) => cell.padEnd(16)).join('')}${ddpRouteFlags(flags)}\n`,
  );
  return DDP_ROUTES_HEADING + rows.join('');
}
