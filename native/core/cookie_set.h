#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sockscope {

// The socket cookies seen in a dump. The kernel counts cookies up, most of them when a socket is first dumped: the ones
// alive lie close together, and a row's close to that of the row before. So a bit stands for each cookie, 64 of them in
// a word, and the words that have any in a hash table (open addressing, a power of two, at most three quarters full):
// a million dense cookies take half a megabyte, as many scattered ones what a set of numbers would.
class CookieSet {
 public:
  // Whether the cookie was not there yet. Cookie 0 is no cookie: always new, never kept. Throws std::bad_alloc.
  bool Insert(uint64_t cookie) {
    if (cookie == 0) return true;
    const uint64_t number = cookie >> 6;
    const uint64_t bit = uint64_t{1} << (cookie & 63);
    if (words_.empty() || words_[last_].number != number || words_[last_].bits == 0) Find(number);
    Word& word = words_[last_];
    if ((word.bits & bit) != 0) return false;
    word.bits |= bit;
    ++size_;
    return true;
  }
  size_t size() const { return size_; }
  // Forgets all of them and frees its memory.
  void Clear() { *this = CookieSet(); }

 private:
  // Cookies 64 * number to 64 * number + 63; free while there are none.
  struct Word {
    uint64_t number = 0;
    uint64_t bits = 0;
  };

  // Sets `last_` to the number's word, which becomes its where it had none: a bit is to be set then.
  void Find(uint64_t number);
  size_t SlotOf(uint64_t number) const;
  void Grow();

  std::vector<Word> words_;
  size_t used_ = 0;
  size_t size_ = 0;
  size_t last_ = 0;
  int shift_ = 64;   // 64 - log2(words)
};

}  // namespace sockscope
