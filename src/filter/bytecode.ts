/** Which port of a connection. */
export type PortSide = 'local' | 'remote';

/** inet_diag's comparisons of a port, which stands in the last field of the operation behind them. */
const AT_LEAST = { local: 2, remote: 4 } as const;
const AT_MOST = { local: 3, remote: 5 } as const;

/** A program for inet_diag that lets sockets pass whose remote port is at most `port`. */
export function remotePortAtMost(port: number): Uint8Array {
  return portAtMost('remote', port);
}

/** A program for inet_diag that lets sockets pass whose port is at most `port`. */
export function portAtMost(side: PortSide, port: number): Uint8Array {
  return comparison(AT_MOST[side], port);
}

/** A program for inet_diag that lets sockets pass whose port is at least `port`. */
export function portAtLeast(side: PortSide, port: number): Uint8Array {
  return comparison(AT_LEAST[side], port);
}

/**
 * An operation is { u8 code, u8 yes, u16 no }: how many bytes on to go. Going to the end passes the socket, four bytes
 * beyond rejects it.
 */
function comparison(code: number, port: number): Uint8Array {
  const program = new Uint16Array(4);
  const bytes = new Uint8Array(program.buffer);
  bytes.set([code, 8]);
  program[1] = 12;
  program[3] = port;
  return bytes;
}
