#include "core/owners/bpf_trial.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>

#include "core/owners/bpf_syscall.h"
#include "test/bpf_child.h"
#include "test/bpf_live.h"
#include "test/child_process.h"
#include "test/seccomp_filter.h"

namespace sockscope {
namespace {

using namespace test;

struct Tried {
  uint32_t filtered;
  uint32_t code;
  uint32_t error;
  uint32_t children_left;
};

Tried TryUnder(uint32_t verdict, void (*before)() = [] {}) {
  const ChildProcess process([verdict, before] {
    before();
    const bool filtered = verdict == SECCOMP_RET_ALLOW || FilterCall(SYS_bpf, verdict);
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

TEST(every_command_of_bpf_that_is_used_is_tried) {
  constexpr int kBpfMapLookup = 1;
  static uint32_t filtered;
  const auto under = [](int command) {
    filtered = static_cast<uint32_t>(command);
    return TryUnder(SECCOMP_RET_ALLOW, [] {
      if (!FilterCommand(SYS_bpf, filtered, SECCOMP_RET_KILL_PROCESS)) _exit(2);
    });
  };
  for (const int command : kBpfCommands) CHECK_EQ(under(command).error, static_cast<uint32_t>(EPERM));
  CHECK_EQ(under(kBpfMapLookup).code, Number(Status::Code::kOk));
}

volatile sig_atomic_t children_signalled = 0;

TEST(the_trial_concerns_no_handler_of_children) {
  const ChildProcess handling([] {
    std::signal(SIGCHLD, [](int) { children_signalled = 1; });
    const bool filtered = FilterCall(SYS_bpf, SECCOMP_RET_KILL_PROCESS);
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

// The child that tries would leave no core file: it does without.
TEST(what_kills_for_another_call_does_not_kill_for_bpf) {
  const Tried tried = TryUnder(SECCOMP_RET_ALLOW, [] {
    if (!FilterCall(SYS_prctl, SECCOMP_RET_KILL_PROCESS)) _exit(2);
  });
  CHECK_EQ(tried.code, Number(Status::Code::kOk));
  CHECK_EQ(tried.children_left, 0u);
}

// For a filter of its own a process may not call prctl(2) once more.
TEST(bpf_is_told_deadly_where_prctl_is_so_as_well) {
  const Tried tried = TryUnder(SECCOMP_RET_ALLOW, [] {
    if (!FilterCall(SYS_bpf, SECCOMP_RET_KILL_PROCESS) || !FilterCall(SYS_prctl, SECCOMP_RET_KILL_PROCESS)) _exit(2);
  });
  CHECK_EQ(tried.error, static_cast<uint32_t>(EPERM));
  CHECK_EQ(tried.children_left, 0u);
}

int trials = 0;
Status outcome;

Status CountTrial() {
  ++trials;
  return outcome;
}

TEST(one_trial_does_for_as_many_filters) {
  trials = 0;
  outcome = Status::Ok();
  BpfVerdict verdict(CountTrial);
  CHECK(verdict.Find({.mode = 0, .filters = 0}).ok());
  CHECK_EQ(trials, 0);
  for (int times = 0; times < 3; ++times) CHECK(verdict.Find({.mode = 2, .filters = 1}).ok());
  CHECK_EQ(trials, 1);
  CHECK(verdict.Find({.mode = 2, .filters = 2}).ok());
  CHECK_EQ(trials, 2);
  // Without their number another one would not be seen.
  for (int times = 0; times < 2; ++times) CHECK(verdict.Find({.mode = 2, .filters = -1}).ok());
  CHECK_EQ(trials, 4);
}

TEST(what_was_no_verdict_is_tried_again_and_a_deadly_one_is_not) {
  trials = 0;
  BpfVerdict verdict(CountTrial);
  const SeccompState state{.mode = 2, .filters = 1};
  outcome = Status::From(Status::Code::kNoMemory, "try", ENOMEM);
  CHECK_EQ(verdict.Find(state).code(), Status::Code::kNoMemory);
  outcome = Status::FromErrno(kDeadlyBpf, EPERM);
  for (const int filters : {1, 1, 2}) CHECK_EQ(verdict.Find({.mode = 2, .filters = filters}).error_number(), EPERM);
  CHECK_EQ(trials, 2);
  CHECK(verdict.Find({.mode = 0, .filters = 0}).ok());
}

TEST(an_iterator_is_not_called_once_a_filter_kills_for_it) {
  InChild([] {
    const auto owners = LoadBpf();
    CHECK(WalkAll(BpfOwners::MakeWalk(owners, 1).get()).status.ok());
    CHECK(FilterCall(SYS_bpf, SECCOMP_RET_KILL_PROCESS));
    for (const int threads : {1, 2}) {
      const Status walked = WalkAll(BpfOwners::MakeWalk(owners, threads).get()).status;
      CHECK_EQ(walked.error_number(), EPERM);
      CHECK_EQ(std::string_view(walked.operation()), kDeadlyBpf);
    }
  });
}

}  // namespace
}  // namespace sockscope
