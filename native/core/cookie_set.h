#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sockscope {

// The socket cookies seen in a dump: open addressing, power-of-two table, at most half full.
class CookieSet {
 public:
  // Whether the cookie was not there yet. Cookie 0 is no cookie: always new, never kept. Throws std::bad_alloc.
  bool Insert(uint64_t cookie);
  size_t size() const { return size_; }
  // Forgets all of them and frees its memory.
  void Clear() { *this = CookieSet(); }

 private:
  void Grow();
  uint64_t* SlotOf(uint64_t cookie);

  std::vector<uint64_t> slots_;   // 0 is a free slot
  size_t size_ = 0;
  int shift_ = 64;                // 64 - log2(slots)
};

}  // namespace sockscope
