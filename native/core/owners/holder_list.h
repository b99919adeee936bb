#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/owners/holder.h"
#include "core/owners/wanted_inodes.h"
#include "core/status.h"

namespace sockscope {

// Bytes that the lists of one owner scan may hold together, and whether it was cancelled. Any thread.
class HolderLimits {
 public:
  explicit HolderLimits(size_t max_bytes) : left_(static_cast<int64_t>(max_bytes)) {}

  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
  void GiveBack(size_t bytes) { left_.fetch_add(static_cast<int64_t>(bytes)); }
  // False when so much more is not allowed; it is then to be given back.
  bool Charge(size_t bytes) { return left_.fetch_sub(static_cast<int64_t>(bytes)) >= static_cast<int64_t>(bytes); }

 private:
  std::atomic<int64_t> left_;
  std::atomic<bool> cancelled_{false};
};

// What one thread of an owner walk has found. Belongs to that thread; throws std::bad_alloc.
class HolderList {
 public:
  // `wanted` is null where every socket is. Both must outlive the list. `lowest`: only the lowest pid's holder of a socket
  // is asked for, and a walk may stop early.
  HolderList(WantedInodes* wanted, bool lowest, HolderLimits* limits)
      : wanted_(wanted), lowest_(lowest), limits_(limits) {}

  // Whether a holder of this socket would be kept. Where it is not, Add only counts, and needs no BeginProcess: to find
  // out when a process started costs more than a descriptor.
  bool Wants(uint32_t inode) const { return inode != 0 && (wanted_ == nullptr || wanted_->Has(inode)); }
  // A process whose descriptors come next, or come again: kept once it holds a socket that is wanted.
  void BeginProcess(uint32_t pid, uint32_t start_ticks);
  // A descriptor of that process that leads to a socket.
  void Add(uint32_t inode, uint32_t fd);

  // To be asked every few hundred descriptors: kCancelled, kTooLarge, or ok.
  Status Check();
  // Nothing in a process with this pid or a higher one can change the answer.
  bool SatisfiedBelow(uint32_t pid) const { return lowest_ && wanted_ != nullptr && wanted_->SatisfiedBelow(pid); }

  OwnerTally tally;
  const std::vector<Holder>& holders() const { return holders_; }
  // Those with a holder in the list; a pid may stand here more than once.
  const std::vector<HolderProcess>& processes() const { return processes_; }
  std::vector<Holder> TakeHolders() { return std::move(holders_); }

 private:
  size_t Bytes() const;
  // Takes out what stands there twice.
  void Compact();

  WantedInodes* wanted_;
  bool lowest_;
  HolderLimits* limits_;
  HolderProcess process_;
  bool listed_ = false;        // process_ stands in processes_
  size_t charged_ = 0;
  std::vector<Holder> holders_;
  std::vector<HolderProcess> processes_;
};

}  // namespace sockscope
