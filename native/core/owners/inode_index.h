#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/owners/holder.h"

namespace sockscope {

// From a socket's inode to who holds it. Flat and immutable: some 12 bytes a holder and 4 to 8 for its place. A look-up
// costs the same from a thousand sockets to a million: neighbouring inodes share a bucket's line, as a process's do.
class InodeIndex {
 public:
  InodeIndex() = default;
  // The lists in any order; a holder that stands there twice is kept once. `lowest`: of each socket only the holder with
  // the lowest pid, and there the lowest descriptor. The lists are freed as they are taken. Throws std::bad_alloc.
  static InodeIndex Build(std::vector<std::vector<Holder>> lists, bool lowest);

  // Holders in the index.
  size_t size() const { return holders_.size(); }
  // Who holds the socket, by ascending pid and descriptor; empty for one that nobody is known to hold, and for inode 0.
  std::span<const Holder> Find(uint32_t inode) const;
  // Fills starts[i] .. starts[i + 1] with where the holders of inodes[i] stand in what is appended to `pids` and `fds`
  // (starts has one more than inodes, and begins with 0). For many at once: it looks ahead. Throws std::bad_alloc.
  void FindAll(std::span<const uint32_t> inodes, uint32_t* starts, std::vector<uint32_t>* pids,
               std::vector<uint32_t>* fds) const;
  // All of them, by no order that means anything.
  std::span<const Holder> holders() const { return holders_; }
  size_t bytes() const { return holders_.capacity() * sizeof(Holder) + starts_.capacity() * sizeof(uint32_t); }

 private:
  void Scatter(std::vector<std::vector<Holder>>* lists);
  void SortBuckets(bool lowest);

  uint32_t mask_ = 0;               // buckets - 1
  std::vector<uint32_t> starts_;    // of each bucket in holders_, and the end
  std::vector<Holder> holders_;     // by bucket, then sorted
};

}  // namespace sockscope
