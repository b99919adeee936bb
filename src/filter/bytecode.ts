/** inet_diag's operation "remote port at most": the port stands in the last field of the operation behind it. */
const REMOTE_PORT_AT_MOST = 5;

/**
 * A program for inet_diag that lets sockets pass whose remote port is at most `port`. An operation is { u8 code, u8 yes,
 * u16 no }: how many bytes on to go. Going to the end passes the socket, four bytes beyond rejects it.
 */
export function remotePortAtMost(port: number): Uint8Array {
  const program = new Uint16Array(4);
  const bytes = new Uint8Array(program.buffer);
  bytes.set([REMOTE_PORT_AT_MOST, 8]);
  program[1] = 12;
  program[3] = port;
  return bytes;
}
