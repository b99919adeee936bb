#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

namespace sockscope {

// The bytes of one dump request: header, the family's struct, attributes.
class DumpRequest {
 public:
  template <typename Body>
  DumpRequest(uint16_t type, const Body& body) : bytes_(sizeof(nlmsghdr) + sizeof(Body)) {
    static_assert(std::is_trivially_copyable_v<Body> && sizeof(Body) % NLMSG_ALIGNTO == 0);
    header_.nlmsg_type = type;
    header_.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    std::memcpy(bytes_.data() + sizeof(nlmsghdr), &body, sizeof(body));
  }

  void AddU32(uint16_t attribute, uint32_t value) {
    const nlattr header{.nla_len = sizeof(nlattr) + sizeof(value), .nla_type = attribute};
    Append(&header, sizeof(header));
    Append(&value, sizeof(value));
  }

  // Nothing for no bytes. At most what an attribute's 16-bit length can tell.
  void AddBytes(uint16_t attribute, std::span<const uint8_t> bytes) {
    if (bytes.empty()) return;
    static constexpr uint8_t kPadding[NLA_ALIGNTO] = {};
    const nlattr header{.nla_len = static_cast<uint16_t>(sizeof(nlattr) + bytes.size()), .nla_type = attribute};
    Append(&header, sizeof(header));
    Append(bytes.data(), bytes.size());
    Append(kPadding, NLA_ALIGN(bytes.size()) - bytes.size());
  }

  // The whole message, which numbers its replies.
  std::span<const uint8_t> Numbered(uint32_t sequence) {
    header_.nlmsg_seq = sequence;
    header_.nlmsg_len = static_cast<uint32_t>(bytes_.size());
    std::memcpy(bytes_.data(), &header_, sizeof(header_));
    return bytes_;
  }

 private:
  void Append(const void* data, size_t size) {
    const size_t end = bytes_.size();
    bytes_.resize(end + size);
    std::memcpy(bytes_.data() + end, data, size);
  }

  nlmsghdr header_{};
  std::vector<uint8_t> bytes_;
};

}  // namespace sockscope
