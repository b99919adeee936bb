#include "core/owners/holder_list.h"

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
  const size_t bytes = holders_.capacity() * sizeof(Holder) + processes_.capacity() * sizeof(HolderProcess);
  const size_t more = bytes - charged_;
  charged_ = bytes;
  return limits_->Charge(more) ? Status::Ok() : Status::From(Status::Code::kTooLarge, "owners");
}

}  // namespace sockscope
