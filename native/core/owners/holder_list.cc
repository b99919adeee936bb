#include "core/owners/holder_list.h"

#include <algorithm>

namespace sockscope {

void HolderList::BeginProcess(uint32_t pid, uint32_t start_ticks) {
  process_ = {.pid = pid, .start_ticks = start_ticks};
  listed_ = false;
}

void HolderList::Add(uint32_t inode, uint32_t fd) {
  ++tally.sockets;
  if (inode == 0 || (wanted_ != nullptr && !wanted_->Take(inode, process_.pid))) return;
  if (!listed_) processes_.push_back(process_);
  listed_ = true;
  holders_.push_back({.inode = inode, .pid = process_.pid, .fd = fd});
}

Status HolderList::Check() {
  if (limits_->cancelled()) return Status::From(Status::Code::kCancelled, "owners");
  if (Bytes() <= charged_) return Status::Ok();
  if (!limits_->Charge(Bytes() - charged_)) {
    limits_->GiveBack(Bytes() - charged_);
    // An iterator tells of a table once for each thread that shares it, where the first one has ended.
    Compact();
    if (Bytes() <= charged_) {
      limits_->GiveBack(charged_ - Bytes());
    } else if (!limits_->Charge(Bytes() - charged_)) {
      limits_->GiveBack(Bytes() - charged_);
      return Status::From(Status::Code::kTooLarge, "owners");
    }
  }
  charged_ = Bytes();
  return Status::Ok();
}

size_t HolderList::Bytes() const {
  return holders_.capacity() * sizeof(Holder) + processes_.capacity() * sizeof(HolderProcess);
}

void HolderList::Compact() {
  std::sort(holders_.begin(), holders_.end());
  holders_.erase(std::unique(holders_.begin(), holders_.end()), holders_.end());
  holders_.shrink_to_fit();
}

}  // namespace sockscope
