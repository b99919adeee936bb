#include "core/thread_trial.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <vector>

namespace sockscope {

namespace {

using Clock = std::chrono::steady_clock;

// As libuv gives to its pool's threads, whatever others have.
constexpr size_t kStackBytes = size_t{8} << 20;
constexpr auto kLongest = std::chrono::milliseconds(20);
constexpr auto kWait = std::chrono::microseconds(50);

std::thread Plain(std::function<void()> body) { return std::thread(std::move(body)); }

// Memory as a thread's stack is: of address space, and committed where the kernel commits to what it gives.
class StackRoom {
 public:
  StackRoom()
      : room_(mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0)) {}
  StackRoom(const StackRoom&) = delete;
  StackRoom& operator=(const StackRoom&) = delete;
  ~StackRoom() {
    if (valid()) munmap(room_, kStackBytes);
  }

  bool valid() const { return room_ != MAP_FAILED; }

 private:
  void* const room_;
};

struct Trial {
  explicit Trial(int count) : rooms(static_cast<size_t>(count)), threads(rooms.size()), ids(rooms.size()) {}

  std::vector<StackRoom> rooms;
  std::vector<std::thread> threads;
  std::vector<std::atomic<pid_t>> ids;
  std::mutex gate;
};

// All of them are there at once: they wait for the gate.
bool StartAll(Trial* trial, const StartThread& start_thread) {
  const std::lock_guard<std::mutex> closed(trial->gate);
  for (size_t i = 0; i < trial->threads.size(); ++i) {
    if (!trial->rooms[i].valid()) return false;
    const auto body = [trial, i] {
      trial->ids[i] = pid_t(syscall(SYS_gettid));
      const std::lock_guard<std::mutex> open(trial->gate);
    };
    if (!StartInto(&trial->threads[i], start_thread, body).ok()) return false;
  }
  return true;
}

// A thread that was joined may be counted for some microseconds still: it is as long as /proc has it.
bool HasLeft(pid_t id, Clock::time_point deadline) {
  char path[48];
  std::snprintf(path, sizeof(path), "/proc/self/task/%d", id);
  while (access(path, F_OK) == 0) {
    if (Clock::now() >= deadline) return false;
    std::this_thread::sleep_for(kWait);
  }
  return true;
}

}  // namespace

bool MayStartThreads(int count, const StartThread& start_thread) noexcept {
  const Status tried = Guard([&] {
    Trial trial(count);
    bool room = StartAll(&trial, start_thread ? start_thread : Plain);
    for (std::thread& thread : trial.threads) {
      if (thread.joinable()) thread.join();
    }
    const auto deadline = Clock::now() + kLongest;
    // Also where there is no room: the next one who starts a thread is not to be refused it for these.
    for (const std::atomic<pid_t>& id : trial.ids) room = HasLeft(id, deadline) && room;
    return room ? Status::Ok() : Status::From(Status::Code::kNoThread, "start thread", EAGAIN);
  });
  return tried.ok();
}

}  // namespace sockscope
