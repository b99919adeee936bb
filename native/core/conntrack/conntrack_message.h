#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/conntrack/nat_record.h"
#include "core/netlink/dump_request.h"

namespace sockscope {

// Asks ctnetlink for every connection, of IPv4 and IPv6.
DumpRequest ConntrackRequest();

struct Connection {
  NatRecord record;   // `nat` is 0 for a connection that is not translated
  uint32_t id = 0;    // CTA_ID: the kernel's, hard to guess
};

// Reads one message of the answer; nothing where it makes no sense. Attributes that nobody knows are stepped over.
std::optional<Connection> DecodeConnection(std::span<const uint8_t> payload);

}  // namespace sockscope
