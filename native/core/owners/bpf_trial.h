#pragma once

#include "core/status.h"

namespace sockscope {

// Whether bpf(2) may be called without dying of it: a seccomp filter may kill the caller, or its thread alone, and no
// process can read what its filter does. Where one is in effect, or that cannot be told, a child process calls it first,
// in a way that the kernel refuses. kSystem with EPERM where the child was killed for it; kNoThread where the machine has
// no room for a child. Else ok: what the call answers will be seen when it is made.
// The child is waited for here, says nothing to the handlers of SIGCHLD, and leaves no core file.
Status TryBpfInChild();

}  // namespace sockscope
