/** Values of the `protocol` column, an enumeration of this package; native/core/columns.h has the same. */
export const Protocol = { tcp: 1, udp: 2, udplite: 3, raw: 4, unix: 10 } as const;
/** A protocol, by name. */
export type ProtocolName = keyof typeof Protocol;

/** In the order in which a listing shows them. */
export const PROTOCOLS = Object.keys(Protocol) as readonly ProtocolName[];

const names = new Map<number, ProtocolName>(PROTOCOLS.map((name) => [Protocol[name], name]));

/** The name of a `protocol` value; a number this version does not know reads `unknown-<n>`. */
export function protocolName(protocol: number): ProtocolName | `unknown-${number}` {
  return names.get(protocol) ?? `unknown-${protocol}`;
}
