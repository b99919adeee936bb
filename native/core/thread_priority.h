#pragma once

#include <cstdint>
#include <functional>

#include "core/start_thread.h"

namespace sockscope {

// Of a scan's threads beside those of other work. kLow: ten nice levels below the thread that asks.
enum class Priority : uint8_t { kNormal, kLow };

// Runs `body`, which must not throw, and returns when it has ended. With kLow it runs on a thread of its own, whose
// threads have its priority as well, and not on this one: what was lowered cannot be raised again without privilege, and
// whoever joins this thread would wait, on a busy host, for the last steps of one that is the last to run. Where the
// system refuses a thread it runs on this one, as it is; where it refuses the priority, without it.
void RunAt(Priority priority, const StartThread& start_thread, const std::function<void()>& body) noexcept;

}  // namespace sockscope
