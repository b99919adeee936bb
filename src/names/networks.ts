/** The name of an IPv4 network: its number in host order, such as 0x7f000000; a byte string. Undefined when there is none. */
export type NetworkLookup = (network: number) => string | undefined;

export function networkLookup(): NetworkLookup {
  return () => undefined;
}
