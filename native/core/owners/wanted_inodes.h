#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sockscope {

// The sockets a selective walk looks for, shared by its threads: tells what is wanted, and when it may stop.
class WantedInodes {
 public:
  // Inode 0 and duplicates are left out. Throws std::bad_alloc.
  explicit WantedInodes(std::span<const uint32_t> inodes);

  size_t size() const { return count_; }
  // Whether the inode is wanted. Any thread.
  bool Has(uint32_t inode) const { return inode != 0 && slots_[SlotOf(inode)] == inode; }
  // Whether the inode is wanted; notes that a process with this pid holds it. Any thread.
  bool Take(uint32_t inode, uint32_t pid);
  // Whether every wanted socket has been found, and in processes of no higher pid: when pids are walked upwards, nothing
  // with this pid or a higher one can be the lowest holder of any. Any thread.
  bool SatisfiedBelow(uint32_t pid) const;

 private:
  size_t SlotOf(uint32_t inode) const;

  size_t count_ = 0;
  int shift_ = 32;                                  // 32 - log2(slots)
  uint32_t seed_;                                   // whoever chooses inodes does not know it
  std::vector<uint32_t> slots_;                     // open addressing; 0 is a free slot
  std::unique_ptr<std::atomic<uint8_t>[]> found_;   // a flag a slot
  std::atomic<size_t> missing_{0};
  std::atomic<uint32_t> highest_pid_{0};            // that was the first to be found with a wanted socket
};

}  // namespace sockscope
