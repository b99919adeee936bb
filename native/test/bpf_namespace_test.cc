#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "core/owners/own_socket.h"
#include "test/bpf_child.h"
#include "test/bpf_live.h"

namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

// Runs the body as the first process of a pid namespace; with a /proc of that namespace, or with that of the parent.
void InPidNamespace(bool own_proc, const std::function<void()>& body) {
  InChild([&] {
    EnterNamespaces(CLONE_NEWPID, "CLONE_NEWPID");
    InChild([&] {
      EnterMounts();
      if (own_proc) CHECK_EQ(mount("proc", "/proc", "proc", 0, nullptr), 0);
      CHECK_EQ(getpid(), 1);
      body();
    });
  });
}

TEST(bpf_walk_in_a_pid_namespace_has_its_pids) {
  LoadBpf();
  InPidNamespace(true, [] {
    const auto owners = LoadBpf();
    const UniqueFd own(socket(AF_UNIX, SOCK_STREAM, 0));
    const Sleeper sleeper([](const std::function<void()>& stay) {
      if (socket(AF_INET, SOCK_DGRAM, 0) < 0) _exit(2);
      stay();
    });
    const uint32_t pid = sleeper.pid();
    for (const int threads : {1, 2}) {
      const Walked walked = WalkAll(BpfOwners::MakeWalk(owners, threads).get());
      CHECK(walked.status.ok());
      CHECK(!walked.Of(1).empty() && walked.Of(1) == ReadLinks(1));
      CHECK(walked.Of(pid).size() > walked.Of(1).size() && walked.Of(pid) == ReadLinks(pid));
      CHECK_EQ(walked.Of(1).size() + walked.Of(pid).size(), walked.holders.size());   // nobody else's
      CHECK_EQ(walked.processes.size(), 2u);
      for (const HolderProcess& process : walked.processes) CHECK_EQ(process.start_ticks, StartOf(process.pid));
    }
  });
}

TEST(pid_that_happens_to_be_the_same_in_a_namespace_is_no_proof) {
  InPidNamespace(true, [] {
    OwnSocket own;
    CHECK(OwnSocket::Open(&own).ok());
    CHECK_EQ(own.pid(), 1u);
    CHECK(!own.SamePid({.pid = 1, .fd = 0, .inode = 0, .start_ticks = 0}));
  });
}

TEST(bpf_walk_does_not_take_pids_from_a_proc_of_another_namespace) {
  LoadBpf();
  InPidNamespace(false, [] {
    CHECK(!ProcShowsOwnPids());
    const auto owners = LoadBpf();   // own process is found by its own pid, and its start by /proc/self
    CHECK_EQ(BpfOwners::MakeWalk(owners, 1)->Begin().code(), Code::kNotSupported);
  });
  CHECK(ProcShowsOwnPids());
}

}  // namespace
}  // namespace sockscope
