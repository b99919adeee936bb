#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace sockscope {

// Reads bytes from front to back and cannot overrun. The first read that is too long fails, and so does every later
// one: one check after a row of reads is enough.
class ByteCursor {
 public:
  explicit ByteCursor(std::span<const uint8_t> bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  std::span<const uint8_t> rest() const { return rest_; }

  // The next `count` bytes; empty when there are not so many.
  std::span<const uint8_t> Bytes(size_t count) {
    if (!ok_ || count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto bytes = rest_.first(count);
    rest_ = rest_.subspan(count);
    return bytes;
  }

  // A value in host order; zeros when there are too few bytes.
  template <typename T>
  T Read() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    const auto bytes = Bytes(sizeof(T));
    if (ok_) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }

  void Skip(size_t count) { (void)Bytes(count); }

 private:
  std::span<const uint8_t> rest_;
  bool ok_ = true;
};

}  // namespace sockscope
