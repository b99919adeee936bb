#include "core/owners/bpf_trial.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string_view>

#include "core/owners/bpf_syscall.h"
#include "core/unique_fd.h"

namespace sockscope {

namespace {

// More than a page of attributes: E2BIG, whatever the command.
constexpr size_t kTooManyBytes = size_t{1} << 20;
constexpr int kCommands[] = {kBpfProgLoad, kBpfLinkCreate, kBpfIterCreate, kBpfObjPin};

// True also where it cannot be read. Not by prctl(2), which a filter may refuse deadly, too.
bool SeccompMayBeInEffect() {
  const UniqueFd file(open("/proc/thread-self/status", O_RDONLY | O_CLOEXEC));
  char text[8192];   // the line of groups, which has no bound, stands before the one that is wanted
  const ssize_t length = file.valid() ? read(file.get(), text, sizeof(text)) : -1;
  const std::string_view status(text, length > 0 ? static_cast<size_t>(length) : 0);
  return status.find("\nSeccomp:\t0\n") == std::string_view::npos;
}

// Runs in the child, a copy of one thread out of many: system calls only, for others may have held any lock.
[[noreturn]] void CallInChild() {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  for (const int command : kCommands) KernelBpf(command, nullptr, kTooManyBytes);
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

}  // namespace

Status TryBpfInChild() {
  if (!SeccompMayBeInEffect()) return Status::Ok();
  const SignalsBlocked blocked;
  const pid_t child = ForkSilently();
  if (child == 0) CallInChild();
  if (child < 0) {
    const Status::Code code = errno == EAGAIN || errno == ENOMEM ? Status::Code::kNoThread : Status::Code::kSystem;
    return Status::From(code, "try bpf(2) in a child process", errno);
  }
  int end = 0;
  pid_t waited;
  while ((waited = waitpid(child, &end, __WALL)) < 0 && errno == EINTR) {
  }
  if (waited < 0) return Status::FromErrno("wait for the child process that tries bpf(2)", errno);
  if (WIFEXITED(end)) return Status::Ok();
  return Status::FromErrno("call bpf(2), for which a seccomp filter kills", EPERM);
}

}  // namespace sockscope
