import type { Load, Tools } from '../contract.ts';
import { startInNamespaces } from './namespaces.ts';

/** The kernel lets its one socket join some thousands of groups. */
const MOST_ADDRESSES = 1000;

/**
 * $1 routes to single addresses over the loopback, 10.0.0.0 and on; $2 addresses of its own and as many multicast groups,
 * which have an address each. Held until standard input ends.
 */
const HOLD = `
  ip link set lo up
  echo 100000 > /proc/sys/net/ipv4/igmp_max_memberships
  awk -v routes="$1" -v addresses="$2" 'BEGIN {
    for (i = 0; i < routes; i++)
      printf "route add 10.%d.%d.%d/32 dev lo\\n", int(i / 65536), int(i / 256) % 256, i % 256
    for (i = 0; i < addresses; i++) {
      printf "addr add 172.16.%d.%d/32 dev lo\\n", int(i / 256), i % 256
      printf "addr add 239.1.%d.%d/32 dev lo autojoin\\n", int(i / 256), i % 256
    }
  }' | ip -batch - || exit 1
  echo "routes=$1 addresses=$((2 * $2)) groups=$2"
  exec cat > /dev/null
`;

/** As many routes as there would be sockets, and a hundredth as many addresses, in namespaces of their own. */
export async function holdRoutes(_tools: Tools, routes: number): Promise<Load> {
  const addresses = Math.min(MOST_ADDRESSES, Math.ceil(routes / 100));
  // `ip` is root's on some systems.
  const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const command = ['sh', '-c', HOLD, 'sh', `${routes}`, `${addresses}`];
  const load = await startInNamespaces(command, environment);
  return { words: await load.line(), pid: load.pid, end: load.end };
}
