#pragma once

#include <mutex>

#include "core/owners/seccomp_state.h"
#include "core/status.h"

namespace sockscope {

inline constexpr const char* kDeadlyBpf = "call bpf(2), for which a seccomp filter kills";

// Whether bpf(2) may be called without dying of it: a seccomp filter may kill the caller, or its thread alone, and no
// process can read what its filter does. Where one is in effect, or that cannot be told, a child process calls it first,
// in a way that the kernel refuses. kSystem "kDeadlyBpf" with EPERM where the child was killed for it; kNoThread or kNoMemory where the
// machine has no room for a child. Else ok: what the call answers will be seen when it is made.
// The child is waited for here, says nothing to the handlers of SIGCHLD, and leaves no core file. A program whose own loop
// waits for any child with __WALL may take it: kSystem with ECHILD.
Status TryBpfInChild();

// What the trials of this process have shown. A child copies the address space: there is one where it may show anything
// new. Any thread; where threads have filters of their own they are taken for the same when they are as many.
class BpfVerdict {
 public:
  explicit BpfVerdict(Status (*try_out)() = TryBpfInChild) : try_out_(try_out) {}

  // As TryBpfInChild. A deadly filter is never taken away; a harmless one may be joined by others.
  Status Find(const SeccompState& state);

 private:
  Status (*const try_out_)();
  std::mutex mutex_;   // guards what follows
  bool deadly_ = false;
  bool harmless_ = false;
  SeccompState tried_{};
};

// The verdict for the calling thread, by what is known of this process. To be asked before bpf(2) is called, each time:
// a program may put itself under a filter once it has begun.
Status TryBpf();

}  // namespace sockscope
