#include "core/owners/bpf_walk.h"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <span>
#include <utility>
#include <vector>

#include "core/owners/bpf_holders.h"
#include "core/owners/bpf_record_reader.h"
#include "core/owners/bpf_trial.h"
#include "core/owners/numbered_entries.h"
#include "core/owners/own_socket.h"
#include "core/owners/proc_hiding.h"

namespace sockscope {

namespace {

using Code = Status::Code;

class BpfWalk : public OwnerWalk {
 public:
  explicit BpfWalk(std::shared_ptr<const BpfIterator> iterator) : iterator_(std::move(iterator)) {}

  Status Begin() override { return TryBpf(); }

  Status WalkPiece(HolderList* list, bool* more) override {
    *more = false;
    if (taken_.exchange(true)) return Status::Ok();
    UniqueFd opened;
    if (Status status = iterator_->Open(&opened); !status.ok()) return status;
    BpfRecordReader reader(opened.get());
    BpfHolders holders(list);
    for (bool end = false; !end;) {
      std::span<const BpfRecord> records;
      Status status = list->Check();
      if (status.ok()) status = reader.Read(&records, &end);
      if (!status.ok()) return status;
      if (!holders.Take(records)) break;
    }
    return Status::Ok();
  }

 private:
  std::shared_ptr<const BpfIterator> iterator_;
  std::atomic<bool> taken_{false};
};

// The processes of /proc, ascending, and whether it hides others. Throws std::bad_alloc.
Status ListPids(std::vector<uint32_t>* pids, bool* hides) {
  if (!ProcShowsOwnPids()) return Status::From(Code::kNotSupported, "list /proc: of another pid namespace");
  const UniqueFd directory(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return Status::FromErrno("open /proc", errno);
  if (const int error = ReadNumbers(directory.get(), pids); error != 0) return Status::FromErrno("list /proc", error);
  std::sort(pids->begin(), pids->end());
  *hides = HidesProcesses(directory.get());
  return Status::Ok();
}

class BpfProcessWalk : public OwnerWalk {
 public:
  explicit BpfProcessWalk(std::shared_ptr<const BpfIterator> iterator) : iterator_(std::move(iterator)) {}

  Status Begin() override {
    if (Status status = TryBpf(); !status.ok()) return status;
    bool hides = false;
    const Status listed = ListPids(&pids_, &hides);
    hides_ = hides;
    return listed;
  }

  Status WalkPiece(HolderList* list, bool* more) override {
    if (hides_.exchange(false)) ++list->tally.denied;
    const size_t next = next_.fetch_add(1, std::memory_order_relaxed);
    *more = next < pids_.size() && !list->SatisfiedBelow(pids_[next]);
    if (!*more) return Status::Ok();
    if (Status status = list->Check(); !status.ok()) return status;
    return WalkProcess(pids_[next], list);
  }

 private:
  Status WalkProcess(uint32_t pid, HolderList* list) {
    UniqueFd opened;
    Status status = iterator_->OpenProcess(pid, &opened);
    if (status.code() == Code::kSystem && status.error_number() == ESRCH) {
      ++list->tally.vanished;
      return Status::Ok();
    }
    if (!status.ok()) return status;
    BpfRecordReader reader(opened.get());
    uint32_t global_pid = 0;
    for (bool end = false; !end;) {
      std::span<const BpfRecord> records;
      if (status = reader.Read(&records, &end); !status.ok()) return status;
      if (status = Take(pid, records, &global_pid, list); !status.ok()) return status;
      if (status = list->Check(); !status.ok()) return status;
    }
    return Status::Ok();
  }

  Status Take(uint32_t pid, std::span<const BpfRecord> records, uint32_t* global_pid, HolderList* list) const {
    for (const BpfRecord& record : records) {
      if (*global_pid == 0) {
        *global_pid = iterator_->same_pids ? pid : record.pid;
        ++list->tally.processes;
        list->BeginProcess(pid, record.start_ticks);
      }
      if (record.pid != *global_pid) return Status::From(Code::kMalformed, "read iterator: of another process");
      ++list->tally.descriptors;
      list->Add(record.inode, record.fd & ~kBpfThreadFd);
    }
    return Status::Ok();
  }

  std::shared_ptr<const BpfIterator> iterator_;
  std::vector<uint32_t> pids_;
  std::atomic<bool> hides_{false};   // some processes
  std::atomic<size_t> next_{0};
};

}  // namespace

std::unique_ptr<OwnerWalk> MakeBpfWalk(std::shared_ptr<const BpfIterator> iterator) {
  return std::make_unique<BpfWalk>(std::move(iterator));
}

std::unique_ptr<OwnerWalk> MakeBpfProcessWalk(std::shared_ptr<const BpfIterator> iterator) {
  return std::make_unique<BpfProcessWalk>(std::move(iterator));
}

}  // namespace sockscope
