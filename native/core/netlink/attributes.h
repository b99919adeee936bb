#pragma once

#include <linux/netlink.h>

#include <algorithm>

#include "core/byte_cursor.h"

namespace sockscope {

static_assert(sizeof(nlattr) == 4);

struct Attribute {
  uint16_t type = 0;
  std::span<const uint8_t> payload;
};

// Steps over the attributes behind a message's fixed part. Stops at the first one whose length cannot be right.
class AttributeWalk {
 public:
  explicit AttributeWalk(std::span<const uint8_t> bytes) : cursor_(bytes) {}

  bool Next(Attribute* out) {
    if (malformed_ || cursor_.rest().empty()) return false;
    const auto header = cursor_.Read<nlattr>();
    malformed_ = !cursor_.ok() || header.nla_len < sizeof(nlattr);
    if (malformed_) return false;
    out->type = header.nla_type & NLA_TYPE_MASK;
    out->payload = cursor_.Bytes(header.nla_len - sizeof(nlattr));
    malformed_ = !cursor_.ok();
    // The last attribute's padding may be missing.
    cursor_.Skip(std::min<size_t>(NLA_ALIGN(header.nla_len) - header.nla_len, cursor_.rest().size()));
    return !malformed_;
  }

  bool malformed() const { return malformed_; }

 private:
  ByteCursor cursor_;
  bool malformed_ = false;
};

}  // namespace sockscope
