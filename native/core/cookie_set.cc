#include "core/cookie_set.h"

namespace sockscope {

namespace {

constexpr int kFirstWordsLog2 = 8;
// 2^64 over the golden ratio: spreads consecutive numbers over the table's high bits.
constexpr uint64_t kSpread = 0x9e3779b97f4a7c15;

}  // namespace

void CookieSet::Find(uint64_t number) {
  if (used_ * 4 >= words_.size() * 3) Grow();
  last_ = SlotOf(number);
  if (words_[last_].bits != 0) return;
  words_[last_].number = number;
  ++used_;
}

size_t CookieSet::SlotOf(uint64_t number) const {
  const size_t mask = words_.size() - 1;
  size_t index = static_cast<size_t>(number * kSpread >> shift_);
  while (words_[index].bits != 0 && words_[index].number != number) index = (index + 1) & mask;
  return index;
}

void CookieSet::Grow() {
  const int log2 = words_.empty() ? kFirstWordsLog2 : 64 - shift_ + 1;
  std::vector<Word> old(size_t{1} << log2);
  old.swap(words_);
  shift_ = 64 - log2;
  for (const Word& word : old) {
    if (word.bits != 0) words_[SlotOf(word.number)] = word;
  }
}

}  // namespace sockscope
