#pragma once

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

}  // namespace sockscope
