#pragma once

#include <cstdint>
#include <string_view>

namespace sockscope {

// A name that is a number as the kernel writes it: decimal, without leading zeros, of 32 bits.
inline bool ParseNumberName(std::string_view name, uint32_t* number) {
  if (name.empty() || name.size() > 10 || (name[0] == '0' && name.size() > 1)) return false;
  uint64_t value = 0;
  for (const char digit : name) {
    if (digit < '0' || digit > '9') return false;
    value = value * 10 + static_cast<uint64_t>(digit - '0');
  }
  *number = static_cast<uint32_t>(value);
  return value <= UINT32_MAX;
}

// Such a name, counted up in place: to write a number anew costs more.
class NumberName {
 public:
  explicit NumberName(uint32_t number) {
    do *--first_ = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
  }
  NumberName(const NumberName&) = delete;
  NumberName& operator=(const NumberName&) = delete;

  const char* c_str() const { return first_; }
  // Of a number lower than 2^32 - 1.
  void Increment() {
    char* digit = text_ + kDigits - 1;
    for (; digit >= first_ && *digit == '9'; --digit) *digit = '0';
    if (digit >= first_) ++*digit;
    else *--first_ = '1';
  }

 private:
  static constexpr int kDigits = 10;
  char text_[kDigits + 1] = {};
  char* first_ = text_ + kDigits;
};

}  // namespace sockscope
