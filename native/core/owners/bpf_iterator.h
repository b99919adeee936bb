#pragma once

#include <cstdint>

#include "core/owners/bpf_syscall.h"
#include "core/status.h"
#include "core/unique_fd.h"

namespace sockscope {

// The loaded program, its link over all tasks, and what was found out about this kernel and this process. Immutable
// once loaded: any thread.
struct BpfIterator {
  BpfCall call = KernelBpf;
  UniqueFd program;
  UniqueFd link;
  bool by_process = false;   // the kernel can link the program to one process
  bool same_pids = false;    // a record's pid is what this process's pid namespace has

  // A descriptor to read: of all tasks, or of those of one process of this pid namespace. One that has gone, or is
  // none of this namespace, gives an iterator without records.
  Status Open(UniqueFd* opened) const { return OpenIterator(call, link.get(), opened); }
  Status OpenProcess(uint32_t pid, UniqueFd* opened) const {
    UniqueFd process_link;   // the iterator holds what it needs of it
    if (Status status = LinkIterator(call, program.get(), pid, &process_link); !status.ok()) return status;
    return OpenIterator(call, process_link.get(), opened);
  }
};

}  // namespace sockscope
