#pragma once

#include <cstdint>
#include <vector>

#include "core/owners/process_directory.h"
#include "core/status.h"

namespace sockscope {

// Finds threads whose descriptors /proc/<pid>/fd does not show, as that is the first thread's table: one thread for each
// table that is another. Appends their ids. By kcmp(2); where that is refused, or a seccomp filter is in effect, two tables
// of as many descriptors are taken for the same, and where the number is not to be had, only a process whose first thread
// has ended has another.
// kSystem when a descriptor or memory is wanting; a process that has gone has no threads. Throws std::bad_alloc.
Status FindTaskTables(const ProcRoot& root, const ProcessDirectory& process, std::vector<uint32_t>* threads);

}  // namespace sockscope
