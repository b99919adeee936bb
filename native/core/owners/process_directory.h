#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/status.h"
#include "core/unique_fd.h"

namespace sockscope {

// A /proc to look in, and what it can tell.
struct ProcRoot {
  UniqueFd directory;
  // A process file system, and not a folder of files.
  bool is_proc = false;
  // st_size of a process's fd is the number of its descriptors (Linux 6.2).
  bool counts = false;
  // kcmp(2) may be called with its pids: they are those that this process's system calls mean, and there is no seccomp
  // filter, which might kill for it.
  bool may_compare = false;
};

// kSystem "open /proc".
Status OpenProcRoot(const std::string& path, ProcRoot* root);

// /proc/<pid>, held open: what is read through it is this process's, or fails once that has gone and its pid is another's.
// Immutable; any thread.
class ProcessDirectory {
 public:
  // Null with *error set to an errno. Throws std::bad_alloc.
  static std::shared_ptr<const ProcessDirectory> Open(const ProcRoot& root, uint32_t pid, int* error);

  uint32_t pid() const { return pid_; }
  int get() const { return directory_.get(); }
  // *ticks: see HolderProcess; 0 where it cannot be read. Read once, and only when asked for. Fails where descriptors or
  // memory of this process are at their end: nothing can be said of the other one then.
  Status ReadStartTicks(uint32_t* ticks) const;
  // Whether its first thread has ended, and waits for the others.
  bool IsLeaderZombie() const;
  bool HasOtherThreads() const;
  // Entries of the fd directory at `path`, or an errno. Only where the root counts.
  int CountDescriptors(const char* path, uint64_t* count) const;

 private:
  ProcessDirectory(UniqueFd directory, uint32_t pid) : directory_(std::move(directory)), pid_(pid) {}

  UniqueFd directory_;
  uint32_t pid_;
  mutable std::atomic<int64_t> start_ticks_{-1};   // -1: not read yet
};

// Of the text of /proc/<pid>/stat: what IsLeaderZombie and ReadStartTicks want. Nothing where it is not as proc(5) has it.
struct ProcessStat {
  char state;
  uint32_t start_ticks;
};
std::optional<ProcessStat> ParseProcessStat(std::string_view text);

}  // namespace sockscope
