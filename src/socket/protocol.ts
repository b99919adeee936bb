/** Protocols by name, in the order in which a listing shows them. */
export const PROTOCOLS = ['tcp', 'udp', 'udplite', 'raw', 'unix'] as const;
export type ProtocolName = (typeof PROTOCOLS)[number];

/** Values of the `protocol` column; native/core/columns.h has the same. */
export const Protocol = { tcp: 1, udp: 2, udplite: 3, raw: 4, unix: 10 } as const satisfies Record<
  ProtocolName,
  number
>;

const names = new Map<number, ProtocolName>(PROTOCOLS.map((name) => [Protocol[name], name]));

/** The name of a `protocol` value; a number this version does not know reads `unknown-<n>`. */
export function protocolName(protocol: number): ProtocolName | `unknown-${number}` {
  return names.get(protocol) ?? `unknown-${protocol}`;
}
