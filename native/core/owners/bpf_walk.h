#pragma once

#include <memory>

#include "core/owners/bpf_iterator.h"
#include "core/owners/owner_walk.h"

namespace sockscope {

// One iterator over all tasks, in one piece. Only where records have this namespace's pids.
std::unique_ptr<OwnerWalk> MakeBpfWalk(std::shared_ptr<const BpfIterator> iterator);

// An iterator a process of /proc, each a piece. Its pid is that of /proc, whatever its records say.
std::unique_ptr<OwnerWalk> MakeBpfProcessWalk(std::shared_ptr<const BpfIterator> iterator);

}  // namespace sockscope
