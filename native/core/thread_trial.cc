#include "core/thread_trial.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <vector>

namespace sockscope {

namespace {

using Threads = std::vector<std::thread>;
using Ids = std::vector<std::atomic<pid_t>>;

constexpr int kMostWaits = 2000;
constexpr auto kWait = std::chrono::microseconds(50);

std::thread Plain(std::function<void()> body) { return std::thread(std::move(body)); }

// All of them are there at once: they wait for `gate`.
bool StartAll(Threads* threads, Ids* ids, std::mutex* gate, const StartThread& start_thread) {
  const std::lock_guard<std::mutex> closed(*gate);
  for (size_t i = 0; i < threads->size(); ++i) {
    std::atomic<pid_t>* const id = &(*ids)[i];
    const auto body = [id, gate] {
      *id = pid_t(syscall(SYS_gettid));
      const std::lock_guard<std::mutex> open(*gate);
    };
    if (!StartInto(&(*threads)[i], start_thread, body).ok()) return false;
  }
  return true;
}

// A thread that was joined may be counted for some microseconds still: it is until there is no such id.
bool HasLeft(pid_t id) {
  for (int waits = 0; waits < kMostWaits; ++waits) {
    if (syscall(SYS_tgkill, getpid(), id, 0) < 0 && errno == ESRCH) return true;
    std::this_thread::sleep_for(kWait);
  }
  return false;
}

}  // namespace

bool MayStartThreads(int count, const StartThread& start_thread) noexcept {
  const Status tried = Guard([&] {
    Threads threads(static_cast<size_t>(count));
    Ids ids(threads.size());
    std::mutex gate;
    bool room = StartAll(&threads, &ids, &gate, start_thread ? start_thread : Plain);
    for (size_t i = 0; i < threads.size() && threads[i].joinable(); ++i) {
      threads[i].join();
      room = HasLeft(ids[i]) && room;
    }
    return room ? Status::Ok() : Status::From(Status::Code::kNoThread, "start thread", EAGAIN);
  });
  return tried.ok();
}

}  // namespace sockscope
