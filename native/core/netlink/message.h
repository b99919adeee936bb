#pragma once

#include "core/netlink/entry_walk.h"

namespace sockscope {

static_assert(sizeof(nlmsghdr) == 16);

struct Message {
  uint16_t type = 0;
  uint16_t flags = 0;
  uint32_t sequence = 0;
  std::span<const uint8_t> payload;   // may be shorter or longer than any struct: read it through a cursor
};

// The messages of a datagram.
class MessageWalk {
 public:
  explicit MessageWalk(std::span<const uint8_t> datagram) : walk_(datagram) {}

  bool Next(Message* out) {
    nlmsghdr header;
    if (!walk_.Next(&header, &out->payload)) return false;
    out->type = header.nlmsg_type;
    out->flags = header.nlmsg_flags;
    out->sequence = header.nlmsg_seq;
    return true;
  }

  bool malformed() const { return walk_.malformed(); }

 private:
  EntryWalk<nlmsghdr> walk_;
};

}  // namespace sockscope
