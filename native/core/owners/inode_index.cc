#include "core/owners/inode_index.h"

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace sockscope {

namespace {

// How many look-ups ahead a bucket's place is fetched, and how many its holders.
constexpr size_t kPlaceAhead = 32;
constexpr size_t kHoldersAhead = 16;
// Up to so many holders a bucket is gone through one by one.
constexpr std::ptrdiff_t kFewHolders = 16;

size_t CountOf(const std::vector<std::vector<Holder>>& lists) {
  size_t count = 0;
  for (const auto& list : lists) count += list.size();
  if (count > std::numeric_limits<uint32_t>::max()) throw std::bad_alloc();
  return count;
}

}  // namespace

InodeIndex InodeIndex::Build(std::vector<std::vector<Holder>> lists, bool lowest) {
  InodeIndex index;
  index.Scatter(&lists);
  index.SortBuckets(lowest);
  // Many holders of few sockets have left more buckets than the sockets want.
  if (index.holders_.size() < index.starts_.size() / 4) {
    lists.clear();
    lists.push_back(std::exchange(index.holders_, {}));
    index.starts_ = std::vector<uint32_t>();
    index.Scatter(&lists);
    index.SortBuckets(lowest);
  }
  return index;
}

// A counting sort by bucket. Leaves in starts_ where each bucket ends.
void InodeIndex::Scatter(std::vector<std::vector<Holder>>* lists) {
  const size_t count = CountOf(*lists);
  size_t buckets = 1;
  while (buckets < count) buckets *= 2;
  mask_ = static_cast<uint32_t>(buckets - 1);
  starts_.resize(buckets + 1);
  for (const auto& list : *lists) {
    for (const Holder& holder : list) ++starts_[holder.inode & mask_];
  }
  uint32_t place = 0;
  for (uint32_t& start : starts_) place += std::exchange(start, place);
  holders_.resize(count);
  for (auto& list : *lists) {
    for (const Holder& holder : list) holders_[starts_[holder.inode & mask_]++] = holder;
    list = std::vector<Holder>();
  }
}

// Sorts within the buckets, leaves out what is there twice or not asked for, and makes starts_ say where each begins.
void InodeIndex::SortBuckets(bool lowest) {
  const auto same = [lowest](const Holder& a, const Holder& b) { return lowest ? a.inode == b.inode : a == b; };
  uint32_t kept = 0;
  uint32_t from = 0;
  for (size_t bucket = 0; bucket <= mask_; ++bucket) {
    const uint32_t to = std::exchange(starts_[bucket], kept);
    if (to - from > 1) std::sort(holders_.begin() + from, holders_.begin() + to);
    for (; from < to; ++from) {
      if (kept > starts_[bucket] && same(holders_[kept - 1], holders_[from])) continue;
      holders_[kept++] = holders_[from];
    }
  }
  starts_[size_t{mask_} + 1] = kept;
  holders_.resize(kept);
  if (kept < holders_.capacity() / 4 * 3) holders_.shrink_to_fit();
}

std::span<const Holder> InodeIndex::Find(uint32_t inode) const {
  if (inode == 0 || holders_.empty()) return {};
  const Holder* first = holders_.data() + starts_[inode & mask_];
  const Holder* const end = holders_.data() + starts_[size_t{inode & mask_} + 1];
  if (end - first > kFewHolders) first = std::lower_bound(first, end, Holder{.inode = inode});
  while (first != end && first->inode < inode) ++first;
  const Holder* last = first;
  while (last != end && last->inode == inode) ++last;
  return {first, last};
}

void InodeIndex::FindAll(std::span<const uint32_t> inodes, uint32_t* starts, std::vector<uint32_t>* pids,
                         std::vector<uint32_t>* fds) const {
  const size_t before = pids->size();
  starts[0] = 0;
  for (size_t i = 0; i < inodes.size(); ++i) {
    if (!holders_.empty()) {
      if (i + kPlaceAhead < inodes.size()) __builtin_prefetch(&starts_[inodes[i + kPlaceAhead] & mask_]);
      if (i + kHoldersAhead < inodes.size()) {
        __builtin_prefetch(holders_.data() + starts_[inodes[i + kHoldersAhead] & mask_]);
      }
    }
    for (const Holder& holder : Find(inodes[i])) {
      pids->push_back(holder.pid);
      fds->push_back(holder.fd);
    }
    starts[i + 1] = static_cast<uint32_t>(pids->size() - before);
  }
}

}  // namespace sockscope
