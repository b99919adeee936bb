#include "core/owners/bpf_trial.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string_view>

#include "core/owners/bpf_syscall.h"

namespace sockscope {

namespace {

using Code = Status::Code;

// More than a page of attributes: E2BIG, whatever the command.
constexpr size_t kTooManyBytes = size_t{1} << 20;

enum Part : unsigned { kLeaveNoCore = 1, kCallBpf = 2 };

// Runs in the child, a copy of one thread out of many: system calls only, for others may have held any lock.
[[noreturn]] void CallInChild(unsigned parts) {
  if ((parts & kLeaveNoCore) != 0) prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  for (const int command : kBpfCommands) {
    if ((parts & kCallBpf) != 0) KernelBpf(command, nullptr, kTooManyBytes);
  }
  for (;;) syscall(SYS_exit_group, 0);
}

// fork(2) without a signal at the end: who handles SIGCHLD, or ignores it, is not concerned. -1 with errno.
pid_t ForkSilently() { return static_cast<pid_t>(syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L)); }

// A handler of this program's that ran in the child would speak for the parent, through what both have open.
class SignalsBlocked {
 public:
  SignalsBlocked() { Set(~uint64_t{0}, &before_); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { Set(before_, nullptr); }

 private:
  // Of this thread. The C library's function would ask for glibc 2.32.
  static void Set(uint64_t mask, uint64_t* before) {
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, before, sizeof(mask));
  }

  uint64_t before_ = 0;
};

// *deadly: a seccomp filter has killed the child.
Status RunChild(unsigned parts, bool* deadly) {
  const SignalsBlocked blocked;
  const pid_t child = ForkSilently();
  if (child == 0) CallInChild(parts);
  if (child < 0) {
    const Code code = errno == EAGAIN ? Code::kNoThread : errno == ENOMEM ? Code::kNoMemory : Code::kSystem;
    return Status::From(code, "try bpf(2) in a child process", errno);
  }
  int end = 0;
  pid_t waited;
  while ((waited = waitpid(child, &end, __WALL)) < 0 && errno == EINTR) {
  }
  if (waited < 0) return Status::FromErrno("wait for the child process that tries bpf(2)", errno);
  *deadly = WIFSIGNALED(end) && WTERMSIG(end) == SIGSYS;
  // By somebody else, such as a machine that is out of memory.
  if (WIFSIGNALED(end) && !*deadly) return Status::From(Code::kNoThread, "try bpf(2) in a child process", EAGAIN);
  return Status::Ok();
}

}  // namespace

Status TryBpfInChild() {
  if (!SeccompState::OfThisThread().MayRefuse()) return Status::Ok();
  bool deadly = false;
  Status ran = RunChild(kLeaveNoCore | kCallBpf, &deadly);
  if (!ran.ok() || !deadly) return ran;
  // It may have been for prctl(2), which nothing else here calls: then another one goes without.
  if (ran = RunChild(kLeaveNoCore, &deadly); ran.ok() && deadly) ran = RunChild(kCallBpf, &deadly);
  else deadly = true;
  if (!ran.ok()) return ran;
  return deadly ? Status::FromErrno(kDeadlyBpf, EPERM) : Status::Ok();
}

Status BpfVerdict::Find(const SeccompState& state) {
  if (!state.MayRefuse()) return Status::Ok();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (deadly_) return Status::FromErrno(kDeadlyBpf, EPERM);
  if (harmless_ && state.IsAs(tried_)) return Status::Ok();
  const Status tried = try_out_();
  deadly_ = tried.operation() == std::string_view(kDeadlyBpf);
  harmless_ = tried.ok();
  tried_ = state;
  return tried;
}

Status TryBpf() {
  static BpfVerdict verdict;
  return verdict.Find(SeccompState::OfThisThread());
}

}  // namespace sockscope
