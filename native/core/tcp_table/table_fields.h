#pragma once

#include <cstdint>

#include "core/owners/btf.h"
#include "core/status.h"

namespace sockscope {

// Where the kernel that runs has what a walk over its TCP sockets reads: bytes from the beginning of each struct, or of
// the one named, and ids of BTF.
struct TableFields {
  int16_t task_nsproxy, nsproxy_net, net_tables;
  int16_t tables_listeners, tables_listeners_mask, tables_others, tables_others_mask, listeners_list, others_list;
  int32_t listeners_bucket, others_bucket;                                     // bytes of each
  int16_t net, node, hash, family, state, ports, addresses, remote6, local6;   // of a socket
  int16_t linked;                                                              // 0 there: in no list any more
  int16_t backlog, most_backlog;                                               // of a full one
  int16_t received, copied, written, acknowledged;                             // of an established one
  int16_t substate;                                                            // of one in TIME_WAIT
  uint32_t sock_common, sock, tcp_sock, time_wait, word;
  uint32_t cast, lock, unlock, begin, next, end;
};

// kNotSupported where one of them is missing, or of another size than it is read with: this kernel has no such tables, or not what programs need that walk them
// (Linux 6.4).
Status FindTableFields(const Btf& btf, TableFields* fields);

}  // namespace sockscope
