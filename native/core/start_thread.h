#pragma once

#include <cerrno>
#include <chrono>
#include <functional>
#include <system_error>
#include <thread>
#include <utility>

#include "core/guard.h"
#include "core/status.h"

namespace sockscope {

// Starts a thread; throws std::system_error when the system refuses one. A seam for tests.
using StartThread = std::function<std::thread(std::function<void()>)>;

// Starts `body` on *thread. kNoThread when the system refuses, with its errno; kNoMemory.
inline Status StartInto(std::thread* thread, const StartThread& start, std::function<void()> body) {
  return Guard([&] {
    try {
      *thread = start(std::move(body));
      return Status::Ok();
    } catch (const std::system_error& error) {
      return Status::From(Status::Code::kNoThread, "start thread", error.code().value());
    }
  });
}

// As StartInto; a refusal for the number of threads (EAGAIN) is believed when it comes three times within a millisecond:
// the kernel goes on to count a thread for a moment after it was joined, and at a limit the next one is the one too many.
inline Status StartAfterOthers(std::thread* thread, const StartThread& start, const std::function<void()>& body) {
  constexpr int kTries = 3;
  for (int tries = 1;; tries += 1) {
    const Status started = StartInto(thread, start, body);
    if (started.error_number() != EAGAIN || tries == kTries) return started;
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
}

}  // namespace sockscope
