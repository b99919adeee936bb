#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "core/conntrack/nat_record.h"
#include "core/netlink/transport.h"
#include "core/status.h"

namespace sockscope {

struct NatTally {
  uint64_t bytes = 0;         // received from the kernel
  uint64_t connections = 0;   // that the kernel told of, translated or not
  uint64_t malformed = 0;     // messages that make no sense: each may be a connection that is not shown
  uint64_t duplicates = 0;    // connections the kernel gave twice, left out
  bool interrupted = false;   // the kernel said that its table changed under the dump
};

struct NatAnswer {
  Status status;
  NatTally tally;
  // In the kernel's order, kNatBatch to each but the last; none unless `status` is ok.
  std::deque<std::vector<NatRecord>> batches;

  size_t records() const;
};

inline constexpr size_t kNatBatch = 4096;

// Reads the connections that are under NAT in the network namespace of `transport`, a NETLINK_NETFILTER socket on which
// nothing was asked yet. kTooLarge when the records would take more than `max_bytes`; what tells connections apart
// takes up to 48 bytes a record beside them, while they are read. Without room for one record the first datagram that does
// not end the dump is kTooLarge: to hear whether the kernel answers. Else as Dump::Next:
//   kRefused, EPERM: CAP_NET_ADMIN is missing, in the user namespace of the network namespace
//   kRefused, EINVAL: the kernel has no ctnetlink
NatAnswer ReadNat(Transport* transport, size_t max_bytes) noexcept;

}  // namespace sockscope
