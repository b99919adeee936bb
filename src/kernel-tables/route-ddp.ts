import { leadingInteger } from './route-scanner.ts';

/** A route of AppleTalk, /proc/net/atalk_route; texts are byte strings. */
export interface DdpRoute {
  readonly destination: string;
  readonly gateway: string;
  readonly flags: number;
  readonly interfaceName: string;
}

/** Words four by four, wherever lines end; the first four are the heading. */
export function parseDdpRoutes(text: Uint8Array): DdpRoute[] {
  const words = Buffer.from(text.buffer, text.byteOffset, text.length)
    .toString('latin1')
    .split(/[ \t-\r]+/)
    .filter((word) => word !== '');
  const routes: DdpRoute[] = [];
  for (let at = 4; at + 4 <= words.length; at += 4) {
    const [destination, gateway, flags, interfaceName] = words.slice(at, at + 4) as [
      string,
      string,
      string,
      string,
    ];
    routes.push({
      destination,
      gateway,
      interfaceName,
      flags: leadingInteger(Buffer.from(flags, 'latin1'), 0),
    });
  }
  return routes;
}
