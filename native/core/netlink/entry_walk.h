#pragma once

#include <linux/netlink.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/byte_cursor.h"

namespace sockscope {

static_assert(NLMSG_ALIGNTO == 4 && NLA_ALIGNTO == 4);

inline size_t LengthOf(const nlmsghdr& header) { return header.nlmsg_len; }
inline size_t LengthOf(const nlattr& header) { return header.nla_len; }

// Steps over entries one behind the other, each a header that tells its length, a payload, and padding to four bytes:
// messages in a datagram, attributes in a message. Stops at the first one whose length cannot be right.
template <typename Header>
class EntryWalk {
 public:
  explicit EntryWalk(std::span<const uint8_t> bytes) : cursor_(bytes) {}

  bool Next(Header* header, std::span<const uint8_t>* payload) {
    if (malformed_ || cursor_.rest().empty()) return false;
    *header = cursor_.Read<Header>();
    const size_t length = LengthOf(*header);
    malformed_ = !cursor_.ok() || length < sizeof(Header);
    if (malformed_) return false;
    *payload = cursor_.Bytes(length - sizeof(Header));
    malformed_ = !cursor_.ok();
    // The last one's padding may be missing.
    const size_t padding = -length & 3;
    cursor_.Skip(std::min(padding, cursor_.rest().size()));
    return !malformed_;
  }

  bool malformed() const { return malformed_; }

 private:
  ByteCursor cursor_;
  bool malformed_ = false;
};

}  // namespace sockscope
