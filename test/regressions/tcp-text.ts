/** The heading of /proc/net/tcp, and a row of an established connection of 127.0.0.1:80; `state` as two hex digits. */
export const TCP_HEADING =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

export function tcpRow(state = '01'): string {
  return `   0: 0100007F:0050 0100007F:C350 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 20 0 0 10 -1\n`;
}
