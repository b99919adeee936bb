#pragma once

#include <cstdint>
#include <string_view>

namespace sockscope {

// How a process file system is mounted.
struct ProcHiding {
  enum class Who : uint8_t {
    kNotTold,        // there is no such mount, or none of type proc
    kNobody,         // hidepid=1 among them: processes are there, and closed
    kFromOthers,     // hidepid=2: from who may not trace them, but for the group
    kFromEverybody,  // hidepid=4, or a word to come: from who may not trace them
  };
  Who who = Who::kNotTold;
  uint32_t group = 0;   // of kFromOthers, as the first user namespace numbers it
};

// Of the mount with this id, by the text of a mountinfo. A line is: id, parent, device, root, mount point, options,
// optional fields, "-", type, source, options.
ProcHiding FindProcHiding(std::string_view mountinfo, std::string_view mount_id);

// Whether the process file system with this root leaves processes out for this thread. Against its mount option hidepid
// CAP_SYS_PTRACE helps, or the mount's group. Where the mount cannot be found it does unless it shows process 1, which
// every one of them has. As src/proc/hiding.ts. Throws std::bad_alloc.
bool HidesProcesses(int root);

}  // namespace sockscope
