#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "core/owners/holder_list.h"
#include "core/owners/owner_scan.h"
#include "core/owners/wanted_inodes.h"

namespace sockscope {

// What an owner scan does on its threads. Execute is the first thread's whole life; Cancel may be called from any.
class OwnerRun {
 public:
  OwnerRun(std::unique_ptr<OwnerWalk> walk, OwnerQuestion question, OwnerSink* sink);

  // `start_thread` is used for the other threads, and only during the call.
  void Execute(const StartThread& start_thread) noexcept;
  void Cancel() { limits_.Cancel(); }

 private:
  // One thread's share: its list and how its walk ended. Allocated apart from the others', for their caches' sake.
  struct Worker {
    Worker(WantedInodes* wanted, bool lowest, HolderLimits* limits) : list(wanted, lowest, limits) {}

    HolderList list;
    Status status;
    std::thread thread;   // none for the first worker
  };

  Status Search(const StartThread& start_thread, OwnerAnswer* answer);
  Status WalkAll(const StartThread& start_thread, OwnerTally* tally);
  void WalkPieces(Worker* worker) noexcept;
  Status WalkPieces(HolderList* list);
  Status Outcome() const;
  std::vector<std::vector<Holder>> TakeHolders();
  std::vector<HolderProcess> TakeProcesses();

  OwnerQuestion question_;
  std::unique_ptr<OwnerWalk> walk_;
  OwnerSink* const sink_;
  HolderLimits limits_;
  std::unique_ptr<WantedInodes> wanted_;   // null where every socket is
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace sockscope
