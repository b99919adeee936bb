#pragma once

#include <linux/netlink.h>

#include <algorithm>

#include "core/byte_cursor.h"

namespace sockscope {

static_assert(sizeof(nlmsghdr) == 16);

struct Message {
  uint16_t type = 0;
  uint16_t flags = 0;
  uint32_t sequence = 0;
  std::span<const uint8_t> payload;   // may be shorter or longer than any struct: read it through a cursor
};

// Steps over the messages of a datagram. Stops at the first one whose length cannot be right.
class MessageWalk {
 public:
  explicit MessageWalk(std::span<const uint8_t> datagram) : cursor_(datagram) {}

  bool Next(Message* out) {
    if (malformed_ || cursor_.rest().empty()) return false;
    const auto header = cursor_.Read<nlmsghdr>();
    malformed_ = !cursor_.ok() || header.nlmsg_len < sizeof(nlmsghdr);
    if (malformed_) return false;
    out->type = header.nlmsg_type;
    out->flags = header.nlmsg_flags;
    out->sequence = header.nlmsg_seq;
    out->payload = cursor_.Bytes(header.nlmsg_len - sizeof(nlmsghdr));
    malformed_ = !cursor_.ok();
    // The last message's padding may be missing.
    cursor_.Skip(std::min<size_t>(NLMSG_ALIGN(header.nlmsg_len) - header.nlmsg_len, cursor_.rest().size()));
    return !malformed_;
  }

  bool malformed() const { return malformed_; }

 private:
  ByteCursor cursor_;
  bool malformed_ = false;
};

}  // namespace sockscope
