import { always, type Sentences, sentences } from './statistics-sentence.ts';

/** Title `Udp`. */
export const UDP: Sentences = sentences({
  InDatagrams: always('# packets received'),
  NoPorts: always('# packets to unknown port received'),
  InErrors: always('# packet receive errors'),
  OutDatagrams: always('# packets sent'),
  RcvbufErrors: always('# receive buffer errors'),
  SndbufErrors: always('# send buffer errors'),
});

/** /proc/net/snmp6: `Udp6`. */
export const UDP6: Sentences = sentences({
  Udp6InDatagrams: always('# packets received'),
  Udp6NoPorts: always('# packets to unknown port received'),
  Udp6InErrors: always('# packet receive errors'),
  Udp6OutDatagrams: always('# packets sent'),
});

/** /proc/net/sctp/snmp, and the title `Sctp`. */
export const SCTP: Sentences = sentences({
  SctpCurrEstab: always('# Current Associations'),
  SctpActiveEstabs: always('# Active Associations'),
  SctpPassiveEstabs: always('# Passive Associations'),
  SctpAborteds: always('# Number of Aborteds '),
  SctpShutdowns: always('# Number of Graceful Terminations'),
  SctpOutOfBlues: always('# Number of Out of Blue packets'),
  SctpChecksumErrors: always('# Number of Packets with invalid Checksum'),
  SctpOutCtrlChunks: always('# Number of control chunks sent'),
  SctpOutOrderChunks: always('# Number of ordered chunks sent'),
  SctpOutUnorderChunks: always('# Number of Unordered chunks sent'),
  SctpInCtrlChunks: always('# Number of control chunks received'),
  SctpInOrderChunks: always('# Number of ordered chunks received'),
  SctpInUnorderChunks: always('# Number of Unordered chunks received'),
  SctpFragUsrMsgs: always('# Number of messages fragmented'),
  SctpReasmUsrMsgs: always('# Number of messages reassembled '),
  SctpOutSCTPPacks: always('# Number of SCTP packets sent'),
  SctpInSCTPPacks: always('# Number of SCTP packets received'),
});
