#include "core/owners/bpf_trial.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>

#include "core/owners/bpf_syscall.h"
#include "test/check.h"
#include "test/child_process.h"

namespace sockscope {
namespace {

using namespace test;

// From here on this process, and what it starts, gets `verdict` for bpf(2).
bool FilterBpf(uint32_t verdict) {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, verdict),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program{static_cast<unsigned short>(sizeof(code) / sizeof(code[0])), code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

struct Tried {
  uint32_t filtered;
  uint32_t code;
  uint32_t error;
  uint32_t children_left;
};

Tried TryUnder(uint32_t verdict, void (*before)() = [] {}) {
  const ChildProcess process([verdict, before] {
    before();
    const bool filtered = verdict == SECCOMP_RET_ALLOW || FilterBpf(verdict);
    const Status status = TryBpfInChild();
    const bool left = waitpid(-1, nullptr, __WALL | WNOHANG) >= 0 || errno != ECHILD;
    return std::vector<uint32_t>{filtered, static_cast<uint32_t>(status.code()),
                                 static_cast<uint32_t>(status.error_number()), left};
  });
  const std::vector<uint32_t>& numbers = process.numbers();
  return {numbers[0], numbers[1], numbers[2], numbers[3]};
}

constexpr uint32_t Number(Status::Code code) { return static_cast<uint32_t>(code); }

TEST(bpf_that_is_not_filtered_may_be_called) {
  const Tried tried = TryUnder(SECCOMP_RET_ALLOW);
  CHECK_EQ(tried.code, Number(Status::Code::kOk));
  CHECK_EQ(tried.children_left, 0u);
}

// The answer is left to the call itself.
TEST(bpf_that_a_filter_answers_for_may_be_called) {
  const Tried tried = TryUnder(SECCOMP_RET_ERRNO | EPERM);
  CHECK_EQ(tried.filtered, 1u);
  CHECK_EQ(tried.code, Number(Status::Code::kOk));
  CHECK_EQ(tried.children_left, 0u);
}

TEST(bpf_that_a_filter_kills_for_is_not_called) {
  for (const uint32_t verdict : {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP}) {
    const Tried tried = TryUnder(verdict);
    CHECK_EQ(tried.filtered, 1u);
    CHECK_EQ(tried.code, Number(Status::Code::kSystem));
    CHECK_EQ(tried.error, static_cast<uint32_t>(EPERM));
    CHECK_EQ(tried.children_left, 0u);
  }
}

volatile sig_atomic_t children_signalled = 0;

TEST(the_trial_concerns_no_handler_of_children) {
  const ChildProcess handling([] {
    std::signal(SIGCHLD, [](int) { children_signalled = 1; });
    const bool filtered = FilterBpf(SECCOMP_RET_KILL_PROCESS);
    const Status status = TryBpfInChild();
    return std::vector<uint32_t>{filtered, static_cast<uint32_t>(status.error_number()),
                                 static_cast<uint32_t>(children_signalled)};
  });
  CHECK_EQ(handling.numbers()[0], 1u);
  CHECK_EQ(handling.numbers()[1], static_cast<uint32_t>(EPERM));
  CHECK_EQ(handling.numbers()[2], 0u);
  // A program that ignores the signal has its children taken from it unseen.
  const Tried ignoring = TryUnder(SECCOMP_RET_KILL_PROCESS, [] { std::signal(SIGCHLD, SIG_IGN); });
  CHECK_EQ(ignoring.error, static_cast<uint32_t>(EPERM));
}

}  // namespace
}  // namespace sockscope
