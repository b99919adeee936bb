#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "core/owners/holder.h"
#include "core/owners/inode_index.h"
#include "core/owners/owner_walk.h"
#include "core/start_thread.h"
#include "core/status.h"
#include "core/thread_priority.h"

namespace sockscope {

struct OwnerQuestion {
  bool lowest = true;               // of each socket the lowest pid's holder alone; else all of them
  bool selective = false;           // only `wanted` is looked for
  std::vector<uint32_t> wanted{};   // inodes
  int threads = 1;                  // threads that walk
  Priority priority = Priority::kNormal;
  size_t max_bytes = size_t{1} << 30;
};

// What an owner scan found. Immutable.
struct OwnerAnswer {
  Status status;
  OwnerTally tally;
  InodeIndex index;                        // empty where the status is not ok
  std::vector<HolderProcess> processes;    // those in the index, by ascending pid, each once
};

// Is told of the end of an owner scan, on the scan's thread.
class OwnerSink {
 public:
  virtual ~OwnerSink() = default;
  // Exactly one call for every Start that returned ok; before Join returns. Must not join or destroy the scan.
  virtual void OnOwners(OwnerAnswer answer) = 0;
};

class OwnerRun;

// One search for the holders of sockets, on threads of its own, the index built there as well. The sink must outlive it.
// Start, Join and the destructor belong to one thread; Cancel to any.
class OwnerScan {
 public:
  // Throws std::bad_alloc, as Start may not.
  OwnerScan(std::unique_ptr<OwnerWalk> walk, OwnerQuestion question, OwnerSink* sink, StartThread start_thread = {});
  ~OwnerScan();   // cancels and joins
  OwnerScan(const OwnerScan&) = delete;
  OwnerScan& operator=(const OwnerScan&) = delete;

  // kNoThread or kNoMemory when the first thread could not be started: OnOwners is then not called. Fewer threads than
  // asked for, where the system refuses the others, are no error. To be called once.
  Status Start();
  // Ends the scan soon, with kCancelled; returns at once. Idempotent.
  void Cancel();
  // Waits for the end. Idempotent.
  void Join();

 private:
  std::unique_ptr<OwnerRun> run_;
  StartThread start_thread_;
  std::thread thread_;
};

}  // namespace sockscope
