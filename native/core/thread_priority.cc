#include "core/thread_priority.h"

#include <sys/resource.h>

#include <thread>

namespace sockscope {

namespace {

constexpr int kLowerBy = 10;

// On Linux 0 means the calling thread, and a level beyond the last is the last.
void LowerThisThread() {
  const int now = getpriority(PRIO_PROCESS, 0);
  (void)setpriority(PRIO_PROCESS, 0, now + kLowerBy);
}

}  // namespace

void RunAt(Priority priority, const StartThread& start_thread, const std::function<void()>& body) noexcept {
  std::thread low;
  const auto lowered = [&body] {
    LowerThisThread();
    body();
  };
  if (priority == Priority::kNormal || !StartInto(&low, start_thread, lowered).ok()) return body();
  low.join();
}

}  // namespace sockscope
