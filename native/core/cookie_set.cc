#include "core/cookie_set.h"

namespace sockscope {

namespace {

constexpr int kFirstSlotsLog2 = 10;
// 2^64 over the golden ratio: spreads the kernel's consecutive cookies over the table's high bits.
constexpr uint64_t kSpread = 0x9e3779b97f4a7c15;

}  // namespace

bool CookieSet::Insert(uint64_t cookie) {
  if (cookie == 0) return true;
  if (size_ * 2 >= slots_.size()) Grow();
  uint64_t* slot = SlotOf(cookie);
  if (*slot == cookie) return false;
  *slot = cookie;
  ++size_;
  return true;
}

uint64_t* CookieSet::SlotOf(uint64_t cookie) {
  const size_t mask = slots_.size() - 1;
  size_t index = static_cast<size_t>(cookie * kSpread >> shift_);
  while (slots_[index] != 0 && slots_[index] != cookie) index = (index + 1) & mask;
  return &slots_[index];
}

void CookieSet::Grow() {
  const int log2 = slots_.empty() ? kFirstSlotsLog2 : 64 - shift_ + 1;
  std::vector<uint64_t> old(size_t{1} << log2);
  old.swap(slots_);
  shift_ = 64 - log2;
  for (const uint64_t cookie : old) {
    if (cookie != 0) *SlotOf(cookie) = cookie;
  }
}

}  // namespace sockscope
