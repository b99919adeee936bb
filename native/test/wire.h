#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <vector>

// Bytes as the kernel writes them, a field at a time.
namespace sockscope::test {

using Buffer = std::vector<uint8_t>;

class Bytes {
 public:
  // What each number is stands beside it, for the reader.
  Bytes& U8(unsigned value, const char* = "") { return Raw(static_cast<uint8_t>(value)); }
  Bytes& U16(unsigned value, const char* = "") { return Raw(static_cast<uint16_t>(value)); }
  Bytes& U32(uint32_t value, const char* = "") { return Raw(value); }
  Bytes& S32(int32_t value, const char* = "") { return Raw(value); }
  Bytes& Be16(unsigned value, const char* = "") {
    return U8(value >> 8 & 0xff).U8(value & 0xff);
  }
  Bytes& Zeros(size_t count, const char* = "") {
    while (count-- > 0) bytes_.push_back(0);
    return *this;
  }
  Bytes& Text(std::string_view text) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    return *this;
  }
  Bytes& All(std::initializer_list<uint8_t> values, const char* = "") {
    bytes_.insert(bytes_.end(), values);
    return *this;
  }
  Bytes& Append(const Buffer& other) {
    for (const uint8_t byte : other) bytes_.push_back(byte);
    return *this;
  }
  // Header, payload, padding.
  Bytes& Attribute(unsigned type, const Buffer& payload) {
    U16(static_cast<unsigned>(payload.size() + 4), "nla_len").U16(type, "nla_type").Append(payload);
    return Zeros((4 - payload.size() % 4) % 4);
  }

  operator const Buffer&() const { return bytes_; }
  const Buffer& buffer() const { return bytes_; }

 private:
  template <typename T>
  Bytes& Raw(T value) {
    uint8_t raw[sizeof(value)];
    std::memcpy(raw, &value, sizeof(value));
    for (const uint8_t byte : raw) bytes_.push_back(byte);
    return *this;
  }

  Buffer bytes_;
};

inline Buffer NetlinkMessage(unsigned type, unsigned flags, uint32_t sequence, const Buffer& payload) {
  return Bytes()
      .U32(static_cast<uint32_t>(16 + payload.size()), "nlmsg_len")
      .U16(type, "nlmsg_type")
      .U16(flags, "nlmsg_flags")
      .U32(sequence, "nlmsg_seq")
      .U32(4711, "nlmsg_pid: any will do, for the kernel is known by the datagram's sender")
      .Append(payload)
      .Zeros((4 - payload.size() % 4) % 4);
}

inline Buffer Done(uint32_t sequence, int32_t error = 0) {
  return NetlinkMessage(NLMSG_DONE, NLM_F_MULTI, sequence, Bytes().S32(error, "errno"));
}

inline Buffer Error(uint32_t sequence, int32_t error) {
  return NetlinkMessage(NLMSG_ERROR, 0, sequence, Bytes().S32(error, "errno").Zeros(16, "the request's header"));
}

inline Buffer Join(std::initializer_list<Buffer> parts) {
  Bytes all;
  for (const Buffer& part : parts) all.Append(part);
  return all;
}

}  // namespace sockscope::test
