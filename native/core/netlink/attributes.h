#pragma once

#include "core/netlink/entry_walk.h"

namespace sockscope {

static_assert(sizeof(nlattr) == 4);

struct Attribute {
  uint16_t type = 0;
  std::span<const uint8_t> payload;
};

// The attributes behind a message's fixed part.
class AttributeWalk {
 public:
  explicit AttributeWalk(std::span<const uint8_t> bytes) : walk_(bytes) {}

  bool Next(Attribute* out) {
    nlattr header;
    if (!walk_.Next(&header, &out->payload)) return false;
    out->type = header.nla_type & NLA_TYPE_MASK;
    return true;
  }

  bool malformed() const { return walk_.malformed(); }

 private:
  EntryWalk<nlattr> walk_;
};

}  // namespace sockscope
