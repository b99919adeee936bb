#include "core/owners/proc_fd_walk.h"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "core/owners/descriptor_table.h"
#include "core/owners/number_name.h"
#include "core/owners/numbered_entries.h"
#include "core/owners/proc_errno.h"
#include "core/owners/proc_hiding.h"
#include "core/owners/process_directory.h"
#include "core/owners/task_tables.h"

namespace sockscope {

namespace {

using Slot = ProcFdOptions::Slot;

// So many slots are looked at before the list is asked whether to go on.
constexpr size_t kSlotsUnchecked = 512;

// A process that cannot be looked at is counted; the walk ends where the want is its own.
Status Refused(int error, OwnerTally* tally) {
  if (IsExhausted(error)) return Status::FromErrno("open /proc/<pid>/fd", error);
  if (IsGone(error)) ++tally->vanished;
  if (IsDenied(error)) ++tally->denied;
  return Status::Ok();
}

class ProcFdWalk final : public OwnerWalk {
 public:
  explicit ProcFdWalk(ProcFdOptions options) : options_(std::move(options)) {}

  Status Begin() override;
  Status WalkPiece(HolderList* list, bool* more) override;

 private:
  // A process to be looked at, with the slots that are asked for; or a table of one, to be looked at with others.
  struct Piece {
    uint32_t pid = 0;
    std::span<const Slot> slots{};
    std::shared_ptr<DescriptorTable> table{};
  };

  bool Take(Piece* piece);
  bool TakeSlots(Piece* piece);
  Status WalkProcess(const Piece& piece, HolderList* list);
  Status WalkThreads(const std::shared_ptr<const ProcessDirectory>& process, const Piece& piece, HolderList* list);
  // The table of a thread, or of the leader for thread 0. *readable: it could be looked at.
  Status WalkTable(const std::shared_ptr<const ProcessDirectory>& process, uint32_t thread, const Piece& piece,
                   HolderList* list, bool* readable);
  static Status WalkSlots(const ProcessDirectory& process, int directory, const Piece& piece, HolderList* list);

  const ProcFdOptions options_;
  ProcRoot root_;
  std::atomic<bool> hides_{false};   // some processes
  std::mutex mutex_;               // guards what follows
  std::vector<uint32_t> pids_;     // ascending
  size_t next_ = 0;                // in pids_
  size_t next_slot_ = 0;           // in options_.slots
  std::vector<std::shared_ptr<DescriptorTable>> shared_;   // large ones that are being walked
};

Status ProcFdWalk::Begin() {
  if (const Status opened = OpenProcRoot(options_.proc_root, &root_); !opened.ok()) return opened;
  if (options_.only_slots && options_.share_of == 0) return Status::Ok();
  const int error = ReadNumbers(root_.directory.get(), &pids_);
  if (error != 0) return Status::FromErrno("read /proc", error);
  std::erase(pids_, 0u);   // a number like any other in a directory made by hand, but no process
  hides_ = root_.is_proc && HidesProcesses(root_.directory.get());
  const uint32_t of = options_.share_of;
  if (of != 0) std::erase_if(pids_, [&](uint32_t pid) { return pid % of != options_.share_index; });
  const auto& except = options_.except;
  std::erase_if(pids_, [&](uint32_t pid) { return std::binary_search(except.begin(), except.end(), pid); });
  std::sort(pids_.begin(), pids_.end());
  return Status::Ok();
}

Status ProcFdWalk::WalkPiece(HolderList* list, bool* more) {
  if (hides_.exchange(false)) ++list->tally.denied;
  Piece piece;
  *more = Take(&piece);
  if (!*more) return Status::Ok();
  if (piece.table) return piece.table->Walk(list);
  *more = !list->SatisfiedBelow(piece.pid);
  return *more ? WalkProcess(piece, list) : Status::Ok();
}

// False when there is none: tables that are still being walked are then in the hands of those who will end them.
bool ProcFdWalk::Take(Piece* piece) {
  const std::lock_guard lock(mutex_);
  std::erase_if(shared_, [](const auto& table) { return table->IsOver(); });
  for (const auto& table : shared_) {
    if (!table->WantsHelp()) continue;
    piece->table = table;
    return true;
  }
  if (TakeSlots(piece)) return true;
  if (next_ == pids_.size()) return false;
  piece->pid = pids_[next_++];
  return true;
}

bool ProcFdWalk::TakeSlots(Piece* piece) {
  const std::span<const Slot> left = std::span(options_.slots).subspan(next_slot_);
  if (left.empty()) return false;
  size_t count = 1;
  while (count < left.size() && left[count].pid == left[0].pid) ++count;
  next_slot_ += count;
  piece->pid = left[0].pid;
  piece->slots = left.first(count);
  return true;
}

Status ProcFdWalk::WalkProcess(const Piece& piece, HolderList* list) {
  int error = 0;
  const auto process = ProcessDirectory::Open(root_, piece.pid, &error);
  if (!process) return Refused(error, &list->tally);
  bool readable = false;
  if (const Status walked = WalkTable(process, 0, piece, list, &readable); !walked.ok()) return walked;
  if (!readable) return Status::Ok();
  ++list->tally.processes;
  return options_.threads && process->HasOtherThreads() ? WalkThreads(process, piece, list) : Status::Ok();
}

Status ProcFdWalk::WalkThreads(const std::shared_ptr<const ProcessDirectory>& process, const Piece& piece,
                               HolderList* list) {
  std::vector<uint32_t> threads;
  if (const Status found = FindTaskTables(root_, *process, &threads); !found.ok()) return found;
  for (const uint32_t thread : threads) {
    bool readable = false;
    if (const Status walked = WalkTable(process, thread, piece, list, &readable); !walked.ok()) return walked;
  }
  return Status::Ok();
}

Status ProcFdWalk::WalkTable(const std::shared_ptr<const ProcessDirectory>& process, uint32_t thread,
                             const Piece& piece, HolderList* list, bool* readable) {
  // A thread that has ended, or may not be looked at, has nothing to add to what is known of its process.
  OwnerTally ignored;
  OwnerTally* const tally = thread == 0 ? &list->tally : &ignored;
  char path[32] = "fd";
  if (thread != 0) std::snprintf(path, sizeof(path), "task/%u/fd", thread);
  uint64_t count = 0;
  if (root_.counts) {
    const int error = process->CountDescriptors(path, &count);
    *readable = error == 0;
    if (error != 0) return Refused(error, tally);
    if (count == 0) return Status::Ok();
  }
  UniqueFd directory(openat(process->get(), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  *readable = directory.valid();
  if (!*readable) {
    if (errno == EACCES) ++tally->unopened;
    return Refused(errno, tally);
  }
  if (!piece.slots.empty()) return WalkSlots(*process, directory.get(), piece, list);
  // A thread's own table comes after the leader's, and may have a lower descriptor of the same socket.
  const uint32_t satisfied_at = thread == 0 ? piece.pid : piece.pid - 1;
  const auto table = std::make_shared<DescriptorTable>(process, std::move(directory), count, satisfied_at);
  if (table->IsLarge()) {
    const std::lock_guard lock(mutex_);
    shared_.push_back(table);
  }
  const Status walked = table->Walk(list);
  *readable = !table->WasDenied();
  return walked;
}

Status ProcFdWalk::WalkSlots(const ProcessDirectory& process, int directory, const Piece& piece, HolderList* list) {
  DescriptorReader reader(process, directory, list);
  size_t count = 0;
  for (const Slot& slot : piece.slots) {
    if (count++ % kSlotsUnchecked == 0) {
      if (const Status checked = list->Check(); !checked.ok()) return checked;
    }
    const NumberName name(slot.fd);
    switch (reader.Read(name.c_str(), slot.fd)) {
      case DescriptorReader::Seen::kDenied:
        ++list->tally.denied;
        return Status::Ok();
      case DescriptorReader::Seen::kFailed:
        return reader.status();
      default:
        break;
    }
  }
  return Status::Ok();
}

}  // namespace

std::unique_ptr<OwnerWalk> MakeProcFdWalk(ProcFdOptions options) {
  return std::make_unique<ProcFdWalk>(std::move(options));
}

}  // namespace sockscope
