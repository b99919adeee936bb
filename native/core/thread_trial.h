#pragma once

#include "core/start_thread.h"

namespace sockscope {

// Whether `count` threads more can be had at a time, with stacks of 8 MB beside their own: starts them, and returns when
// the last of them has left the kernel's books; with "no" where that takes longer than 20 ms. For those whose own threads
// must not be refused, such as libuv's pool, which aborts the process; they had better be started at once, since others
// may take the room. Some 20 us a thread.
bool MayStartThreads(int count, const StartThread& start_thread = {}) noexcept;

}  // namespace sockscope
