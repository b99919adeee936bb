#pragma once

#include <cstdint>
#include <span>

#include "core/columns.h"

namespace sockscope {

// One socket, as a decoder hands it to a batch: a field a column, preset to the column's absent value.
struct SocketRow {
  Protocol protocol{};
  uint8_t family = 0;
  uint8_t state = 0;
  uint8_t timer = 0;
  uint8_t retrans = 0;
  uint8_t probes = kAbsentProbes;
  uint8_t unix_type = 0;
  uint16_t local_port = 0;
  uint16_t remote_port = 0;
  uint32_t expires_ms = 0;
  uint8_t local_address[16] = {};
  uint8_t remote_address[16] = {};
  uint32_t ifindex = 0;
  uint32_t recv_q = kAbsent;
  uint32_t send_q = kAbsent;
  uint32_t uid = kAbsent;
  uint32_t inode = 0;
  uint32_t cookie[2] = {};
  uint32_t unix_peer = 0;
  uint32_t unix_refs = 0;
  uint32_t unix_flags = 0;
  std::span<const uint8_t> path;   // into the message: valid until the next one

  uint64_t cookie64() const { return (uint64_t{cookie[1]} << 32) | cookie[0]; }
};

}  // namespace sockscope
