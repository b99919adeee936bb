#pragma once

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/unique_fd.h"
#include "test/check.h"

namespace sockscope::test {

[[noreturn]] inline void WaitToBeEnded() {
  for (;;) pause();
}

// A process that does something, reports numbers, and then waits to be ended: with this object at the latest.
class ChildProcess {
 public:
  // `body` runs in the process, and must not throw; `after` once its numbers are reported.
  explicit ChildProcess(const std::function<std::vector<uint32_t>()>& body, void (*after)() = WaitToBeEnded) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw Failure("no pipe");
    UniqueFd out(ends[0]);
    UniqueFd in(ends[1]);
    pid_ = fork();
    if (pid_ < 0) throw Failure("no process");
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      Report(in.get(), body());
      in = UniqueFd();
      out = UniqueFd();
      after();
      _exit(0);
    }
    in = UniqueFd();
    // Not to the end of the pipe: a thread of the process may have a descriptor of it that stays.
    uint32_t count = 0;
    if (!Receive(out.get(), &count)) throw Failure("the process has ended early");
    numbers_.resize(count);
    for (uint32_t& number : numbers_) CHECK(Receive(out.get(), &number));
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() { End(); }

  uint32_t pid() const { return static_cast<uint32_t>(pid_); }
  const std::vector<uint32_t>& numbers() const { return numbers_; }
  void End() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  static void Report(int to, std::vector<uint32_t> numbers) {
    numbers.insert(numbers.begin(), static_cast<uint32_t>(numbers.size()));
    for (const uint32_t number : numbers) {
      if (write(to, &number, sizeof(number)) != sizeof(number)) _exit(1);
    }
  }
  static bool Receive(int from, uint32_t* number) { return read(from, number, sizeof(*number)) == sizeof(*number); }

  pid_t pid_ = -1;
  std::vector<uint32_t> numbers_;
};

// 0 where the descriptor is none.
inline uint32_t InodeOfFd(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 ? static_cast<uint32_t>(status.st_ino) : 0;
}

}  // namespace sockscope::test
