#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/owners/owner_walk.h"

namespace sockscope {

struct ProcFdOptions {
  std::string proc_root = "/proc";
  // Look for threads whose descriptors /proc/<pid>/fd does not show: those of a process whose first thread has ended,
  // and those with a descriptor table of their own. netstat does not.
  bool threads = true;
  // Descriptors to look at, and no others: what a poll asks about. By ascending pid. Empty: all of them.
  struct Slot {
    uint32_t pid;
    uint32_t fd;
  };
  std::vector<Slot> slots{};
  bool only_slots = false;
  // With only_slots, and where everything found is wanted: processes to look at, whole, beside them: those whose pid modulo `share_of` is `share_index`. 0: none.
  uint32_t share_of = 0;
  uint32_t share_index = 0;
  // Processes not to look at. Ascending.
  std::vector<uint32_t> except{};
};

// The walk over /proc/<pid>/fd: for every descriptor a readlinkat on the directory's own descriptor. Works everywhere,
// as far as the reader may look (ptrace access in reading mode).
std::unique_ptr<OwnerWalk> MakeProcFdWalk(ProcFdOptions options);

}  // namespace sockscope
