import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Load, Tools } from '../contract.ts';

/** $1 routes to single addresses over the loopback, 10.0.0.0 and on; held until standard input ends. */
const HOLD = `
  ip link set lo up
  awk -v routes="$1" 'BEGIN {
    for (i = 0; i < routes; i++)
      printf "route add 10.%d.%d.%d/32 dev lo\\n", int(i / 65536), int(i / 256) % 256, i % 256
  }' | ip -batch - || exit 1
  echo "routes=$1"
  exec cat > /dev/null
`;

/** As many routes as there would be sockets, in namespaces of their own. */
export async function holdRoutes(_tools: Tools, routes: number): Promise<Load> {
  const child = spawn('unshare', ['-Urn', 'sh', '-c', HOLD, 'sh', `${routes}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (line.done === true) throw new Error(`no routes were added (${child.exitCode ?? child.signalCode})`);
  return {
    words: line.value,
    pid: child.pid!,
    async end() {
      child.stdin.end();
      await exited;
    },
  };
}
