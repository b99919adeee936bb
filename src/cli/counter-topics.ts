import type { InternetProtocol } from './command-request.ts';

/** What a group of counters is about, by how its name begins. */
const TOPICS: readonly (readonly [RegExp, InternetProtocol])[] = [
  [/^(Ip|Icmp)/, 'raw'],
  [/^(Tcp|MPTcp)/, 'tcp'],
  [/^UdpLite/, 'udplite'],
  [/^Udp/, 'udp'],
  [/^Sctp/, 'sctp'],
];
const OF_BOTH_FAMILIES: ReadonlySet<InternetProtocol | undefined> = new Set(['tcp', 'sctp']);

/** Which counters are asked for: of no protocol all, of no family both. */
export interface CounterChoice {
  readonly protocols: ReadonlySet<InternetProtocol>;
  readonly family: 'inet' | 'inet6' | undefined;
}

export function isAskedFor(group: string, { protocols, family }: CounterChoice): boolean {
  const protocol = TOPICS.find(([names]) => names.test(group))?.[1];
  if (protocols.size > 0 && (protocol === undefined || !protocols.has(protocol))) return false;
  if (family === undefined || OF_BOTH_FAMILIES.has(protocol)) return true;
  return family === (group.endsWith('6') ? 'inet6' : 'inet');
}
