#include "core/owners/bpf_holders.h"

namespace sockscope {

bool BpfHolders::Take(std::span<const BpfRecord> records) {
  for (const BpfRecord& record : records) {
    const bool leader = (record.fd & kBpfThreadFd) == 0;
    if (record.pid != pid_) {
      // Leaders come by ascending pid; threads anywhere.
      if (leader && list_->SatisfiedBelow(record.pid)) return false;
      Begin(record);
    }
    ++list_->tally.descriptors;
    list_->Add(record.inode, record.fd & ~kBpfThreadFd);
  }
  return true;
}

void BpfHolders::Begin(const BpfRecord& record) {
  pid_ = record.pid;
  list_->BeginProcess(record.pid, record.start_ticks);
  if (record.pid >= counted_.size()) counted_.resize(record.pid + 1);
  if (!counted_[record.pid]) ++list_->tally.processes;
  counted_[record.pid] = true;
}

}  // namespace sockscope
