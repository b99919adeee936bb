import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandLine, Outcome } from './synthetic-proc.ts';

/** Interfaces, addresses and routes of every kind that `ip` can make; kernels differ in what they take. */
const NETWORK = `
ip link set lo up
ip link add veth0 type veth peer name veth1
ip link add longifname12345 type veth peer name veth2
for name in veth0 veth1 veth2 longifname12345; do ip link set $name addrgenmode none up; done
ip link add bridge0 type bridge && ip link set bridge0 addrgenmode none up
ip tuntap add tun0 mode tun && ip link set tun0 up
ip address add 192.0.2.1/24 dev veth0
ip address add 198.51.100.1/32 dev veth0
ip address add 203.0.113.1/25 dev bridge0
ip address add 192.0.3.1 peer 192.0.3.2 dev tun0
ip route add default via 192.0.2.254
ip route add default via 192.0.2.253 metric 4294967295
ip route add 10.0.0.0/8 via 192.0.2.3 mtu lock 1400 window 5000 advmss 1000 rtt 300ms metric 5
ip route add 10.0.0.0/9 via 192.0.2.3 src 192.0.2.1 initcwnd 5
ip route add blackhole 10.1.0.0/16
ip route add unreachable 10.2.0.0/16 metric 7
ip route add prohibit 10.3.0.0/16
ip route add throw 10.4.0.0/16 metric 1000000
ip route add 10.5.5.5 dev longifname12345 metric 3
ip route add 10.6.0.0/16 via 192.0.99.1 dev veth0 onlink
ip route add 10.7.0.0/16 nexthop via 192.0.2.4 weight 2 nexthop dev longifname12345
ip route add 10.8.0.0/31 via inet6 fe80::1 dev veth0
ip route add 10.9.0.0/16 dev veth0 table 100
ip route add unreachable 10.10.10.10/32
ip route add 169.254.0.0/16 dev veth0 scope link
ip route add multicast 224.1.0.0/16 dev veth0
ip address add 2001:db8::1/64 dev veth0 nodad
ip address add 2001:db8:2::1/128 dev longifname12345 nodad
ip -6 route add default via 2001:db8::254 metric 100
ip -6 route add 2001:db8:10::/48 via 2001:db8::3 mtu lock 1400 advmss 1000 metric 5
ip -6 route add 2001:db8:11::/48 dev longifname12345 expires 1000
ip -6 route add 2001:db8:12::/48 from 2001:db8:1::/48 dev veth0
ip -6 route add blackhole 2001:db8:13::/48
ip -6 route add unreachable 2001:db8:14::/48 metric 4294967295
ip -6 route add prohibit 2001:db8:15::/48
ip -6 route add throw 2001:db8:16::/48
ip -6 route add 2001:db8:17::1 dev tun0
ip -6 route add 2001:db8:18::/48 nexthop via 2001:db8::4 weight 2 nexthop via 2001:db8::5
ip -6 route add 2001:db8:19::/48 via fe80::99 dev veth0 onlink
ip -6 route add 2001:db8:1a::/48 dev veth0 table 100
ip -6 route add ::ffff:10.0.0.0/104 dev veth0
`;

/** Runs the command lines among the routes, one after the other; the outcomes come in their order. */
export function runAmongRoutes(commandLines: readonly CommandLine[]): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-routes-'));
  try {
    const runs = commandLines.map((words, index) => {
      const line = words.map((word) => `'${word}'`).join(' ');
      return `${line} >${index}.stdout 2>${index}.stderr; echo $? >${index}.code`;
    });
    writeFileSync(join(folder, 'run.sh'), `{\n${NETWORK}} >network 2>&1\n${runs.join('\n')}\nexit 0\n`);
    const env = { PATH: process.env.PATH, LC_ALL: 'C' };
    const { status, stderr } = spawnSync('unshare', ['-Urnm', 'sh', './run.sh'], { cwd: folder, env });
    if (status !== 0) throw new Error(`the namespace failed: ${stderr}`);
    return commandLines.map((_, index) => ({
      stdout: readFileSync(join(folder, `${index}.stdout`), 'latin1'),
      stderr: readFileSync(join(folder, `${index}.stderr`), 'latin1'),
      code: Number(readFileSync(join(folder, `${index}.code`), 'latin1')),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
