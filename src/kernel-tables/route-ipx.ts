import { hexDigit, RouteLines, RouteScanner } from './route-scanner.ts';

/** A route of IPX, /proc/net/ipx/route. */
export interface IpxRoute {
  /** 32 bits without a sign; 0 is none, for which FFFFFFFF stands, too. */
  readonly network: number;
  readonly routerNetwork: number;
  /** 12 hexadecimal digits; undefined where it is 0. */
  readonly routerNode: string | undefined;
}

const IPX_LINE_BYTES = 1023;
const NODE_DIGITS = 12;

export function parseIpxRoutes(text: Uint8Array): IpxRoute[] {
  const routes: IpxRoute[] = [];
  const scan = new RouteScanner();
  let isHeading = true;
  const lines = new RouteLines((bytes, start, end) => {
    if (!isHeading) {
      scan.open(bytes, start, end);
      const words = [wordOf(scan), wordOf(scan), wordOf(scan)];
      if (words[2]!.length > 0) {
        const [network, routerNetwork] = [networkOf(words[0]!), networkOf(words[1]!)];
        routes.push({ network, routerNetwork, routerNode: nodeOf(words[2]!) });
      }
    }
    isHeading = false;
  }, IPX_LINE_BYTES);
  lines.add(text);
  lines.end();
  return routes;
}

function wordOf(scan: RouteScanner): Uint8Array {
  return scan.word(Number.POSITIVE_INFINITY)
    ? scan.bytes.slice(scan.wordStart, scan.wordEnd)
    : new Uint8Array(0);
}

/** All of its digits count, and the low 32 bits of them are the network. */
function networkOf(word: Uint8Array): number {
  const scan = new RouteScanner();
  scan.open(word, 0, word.length);
  if (!scan.hex()) return 0;
  const isEvery = /^\+?(0x)?0*f{8}(?![0-9a-f])/i.test(Buffer.from(word).toString('latin1'));
  return isEvery ? 0 : scan.number >>> 0;
}

function nodeOf(word: Uint8Array): string | undefined {
  const end = word.findIndex((byte) => hexDigit(byte) < 0);
  const digits = Buffer.from(end < 0 ? word : word.subarray(0, end)).toString('latin1');
  const node = digits.slice(0, NODE_DIGITS).toUpperCase().padEnd(NODE_DIGITS, '0');
  return /[^0]/.test(node) ? node : undefined;
}
