#include "core/owners/wanted_inodes.h"

#include <chrono>

namespace sockscope {

namespace {

constexpr int kFirstSlotsLog2 = 6;

// Spreads what is chosen to collide: each bit of the inode and of the seed has its say in the high ones.
uint32_t Mix(uint32_t value) {
  value = (value ^ (value >> 16)) * 0x7feb352d;
  value = (value ^ (value >> 15)) * 0x846ca68b;
  return value ^ (value >> 16);
}

uint32_t FreshSeed() {
  return Mix(static_cast<uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count()));
}

}  // namespace

WantedInodes::WantedInodes(std::span<const uint32_t> inodes) : seed_(FreshSeed()) {
  int log2 = kFirstSlotsLog2;
  while ((size_t{1} << log2) < inodes.size() * 2) ++log2;
  shift_ = 32 - log2;
  slots_.resize(size_t{1} << log2);
  for (const uint32_t inode : inodes) {
    if (inode == 0) continue;
    uint32_t& slot = slots_[SlotOf(inode)];
    if (slot == 0) ++count_;
    slot = inode;
  }
  found_ = std::make_unique<std::atomic<uint8_t>[]>(slots_.size());
  missing_.store(count_);
}

// The slot of the inode, or the free one where it would stand.
size_t WantedInodes::SlotOf(uint32_t inode) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = Mix(inode ^ seed_) >> shift_;
  while (slots_[slot] != 0 && slots_[slot] != inode) slot = (slot + 1) & mask;
  return slot;
}

bool WantedInodes::Take(uint32_t inode, uint32_t pid) {
  const size_t slot = SlotOf(inode);
  if (inode == 0 || slots_[slot] != inode) return false;
  if (found_[slot].exchange(1, std::memory_order_relaxed) == 0) {
    uint32_t highest = highest_pid_.load(std::memory_order_relaxed);
    while (highest < pid && !highest_pid_.compare_exchange_weak(highest, pid)) {}
    missing_.fetch_sub(1, std::memory_order_acq_rel);   // last: who sees none missing sees the highest pid
  }
  return true;
}

bool WantedInodes::SatisfiedBelow(uint32_t pid) const {
  return missing_.load(std::memory_order_acquire) == 0 && pid >= highest_pid_.load(std::memory_order_relaxed);
}

}  // namespace sockscope
