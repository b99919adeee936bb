/* What walk-tcp-bpf and walk-tcp-table write for a socket, and how it is printed. */
#pragma once

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { kListen = 10, kTimeWait = 6, kNewSynRecv = 12, kSynRecv = 3, kIpv4Bytes = 24, kIpv6Bytes = 48 };

/* The addresses of IPv4 are the first eight bytes of `remote`: the remote one before the own one, as the kernel has them. */
struct tcp_record {
  uint16_t remote_port;   /* network byte order */
  uint16_t local_port;
  uint16_t family;
  uint8_t state, unused;
  uint32_t receive_queue, send_queue;
  uint32_t remote[4], local[4];
};

static inline size_t bytes_of(const struct tcp_record *record) {
  return record->family == AF_INET6 ? kIpv6Bytes : kIpv4Bytes;
}

static inline uint32_t at_least_0(uint32_t difference) { return (int32_t)difference < 0 ? 0 : difference; }

/* Columns 2 to 5 of /proc/net/tcp and /proc/net/tcp6, after the number 4 or 6. */
static inline void print_record(const struct tcp_record *record) {
  char local[33], remote[33];
  if (record->family == AF_INET6) {
    for (int i = 0; i < 4; i += 1) {
      sprintf(local + 8 * i, "%08X", record->local[i]);
      sprintf(remote + 8 * i, "%08X", record->remote[i]);
    }
  } else {
    sprintf(local, "%08X", record->remote[1]);
    sprintf(remote, "%08X", record->remote[0]);
  }
  printf("%c %s:%04X %s:%04X %02X %08X:%08X\n", record->family == AF_INET6 ? '6' : '4', local, record->local_port, remote,
         ntohs(record->remote_port), record->state == kNewSynRecv ? kSynRecv : record->state,
         at_least_0(record->send_queue), at_least_0(record->receive_queue));
}
