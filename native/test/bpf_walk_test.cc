#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "core/kernel_version.h"
#include "test/bpf_child.h"
#include "test/bpf_live.h"

namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;
using Stay = std::function<void()>;

// The walks of both kinds: one link for all, and one a process.
struct Walks {
  std::shared_ptr<const BpfOwners> owners = LoadBpf();

  void ForEach(const std::function<void(const Walked&)>& check) const {
    for (const int threads : {1, 2}) {
      const Walked walked = WalkAll(BpfOwners::MakeWalk(owners, threads).get());
      if (!walked.status.ok()) throw Failure(walked.status.operation());
      check(walked);
    }
  }
};

void OpenSockets(int count) {
  for (int i = 0; i < count; ++i) {
    if (socket(AF_UNIX, SOCK_DGRAM, 0) < 0) _exit(2);
  }
}

// The walk says of the process what the links say, and its start.
void CheckAgainstLinks(const Walked& walked, uint32_t pid, size_t sockets) {
  const std::vector<Holder> links = ReadLinks(pid);
  CHECK(walked.Of(pid) == links);
  CHECK(links.size() >= sockets);
  const auto process = std::find_if(walked.processes.begin(), walked.processes.end(),
                                    [&](const HolderProcess& one) { return one.pid == pid; });
  CHECK(process != walked.processes.end());
  CHECK_EQ(process->start_ticks, StartOf(pid));
}

TEST(bpf_walks_see_the_sockets_of_a_process_as_its_links_do) {
  const Walks walks;
  const Sleeper sleeper([](const Stay& stay) {
    int pair[2];
    close(0);   // the first of the process's descriptors is a socket
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || pair[0] != 0) _exit(2);
    if (dup(pair[0]) < 0 || dup2(pair[1], 900) != 900) _exit(2);
    if (socket(AF_INET, SOCK_STREAM, 0) < 0 || open("/dev/null", O_RDONLY) < 0) _exit(2);
    stay();
  });
  walks.ForEach([&](const Walked& walked) { CheckAgainstLinks(walked, sleeper.pid(), 5); });
}

// The header comes with the first object, be it a socket or not, and not once more with the call after the last.
TEST(bpf_walks_see_a_process_with_one_descriptor) {
  const Walks walks;
  int ends[2];
  CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  UniqueFd ours(ends[0]), theirs(ends[1]);
  const pid_t pid = fork();
  if (pid == 0) {
    char byte = 'r';
    if (dup2(theirs.get(), 0) != 0 || syscall(SYS_close_range, 1u, ~0u, 0u) != 0) _exit(2);
    if (write(0, &byte, 1) == 1) (void)!read(0, &byte, 1);
    _exit(0);
  }
  theirs = UniqueFd();
  char byte = 0;
  const bool ready = read(ours.get(), &byte, 1) == 1;
  std::vector<Walked> walked;
  for (const int threads : {1, 2}) walked.push_back(WalkAll(BpfOwners::MakeWalk(walks.owners, threads).get()));
  const auto links = ReadLinks(static_cast<uint32_t>(pid));
  ours = UniqueFd();
  waitpid(pid, nullptr, 0);
  if (!ready) throw Skip("close_range(2)");
  for (const Walked& one : walked) {
    CHECK(one.status.ok());
    CHECK(one.Of(static_cast<uint32_t>(pid)) == links);
  }
  CHECK_EQ(links.size(), 1u);
}

// A walk of a process each is what shows that there are pieces; with one link there is one.
TEST(bpf_walk_falls_into_processes_for_two_threads) {
  const Walks walks;
  CHECK_EQ(WalkAll(BpfOwners::MakeWalk(walks.owners, 1).get()).pieces, 0);
  if (!KernelIsAtLeast(6, 7)) throw Skip("Linux 6.7");
  CHECK(WalkAll(BpfOwners::MakeWalk(walks.owners, 2).get()).pieces > 2);
}

TEST(bpf_walks_read_on_past_a_full_buffer) {
  const Walks walks;
  const Sleeper sleeper([](const Stay& stay) {
    const rlimit limit = {10'000, 10'000};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) _exit(2);
    OpenSockets(6'000);
    stay();
  });
  const uint32_t pid = sleeper.pid();
  walks.ForEach([&](const Walked& walked) { CheckAgainstLinks(walked, pid, 6'000); });
}

TEST(bpf_walks_see_a_thread_with_descriptors_of_its_own) {
  const Walks walks;
  const Sleeper sleeper([](const Stay& stay) {
    OpenSockets(2);
    std::thread([&] {
      if (unshare(CLONE_FILES) != 0) _exit(2);
      OpenSockets(3);
      stay();
    }).join();
  });
  walks.ForEach([&](const Walked& walked) { CheckAgainstLinks(walked, sleeper.pid(), 5); });
}

TEST(bpf_walks_see_a_process_whose_first_thread_has_ended) {
  const Walks walks;
  const Sleeper sleeper([](const Stay& stay) {
    OpenSockets(3);
    std::thread(Stay(stay)).detach();
    syscall(SYS_exit, 0);   // this thread alone
  });
  const uint32_t pid = sleeper.pid();
  const std::string state = "/proc/" + std::to_string(pid) + "/fd";
  for (int tries = 0; tries < 200 && !NamesIn(state).empty(); ++tries) usleep(5'000);
  CHECK(NamesIn(state).empty());
  walks.ForEach([&](const Walked& walked) { CheckAgainstLinks(walked, pid, 3); });
}

TEST(bpf_walks_leave_no_descriptor) {
  const Walks walks;
  const int before = CountDescriptors();
  walks.ForEach([&](const Walked&) { CHECK_EQ(CountDescriptors(), before); });
}

TEST(bpf_walks_hold_what_they_walk_with) {
  auto owners = LoadBpf();
  const UniqueFd own(socket(AF_UNIX, SOCK_STREAM, 0));
  const auto pid = static_cast<uint32_t>(getpid());
  for (const int threads : {1, 2}) {
    const auto walk = BpfOwners::MakeWalk(threads == 1 ? owners : std::move(owners), threads);
    const Walked walked = WalkAll(walk.get());
    CHECK(walked.status.ok());
    CHECK(walked.Of(pid) == ReadLinks(pid));
  }
}

TEST(bpf_walk_by_process_is_shared_by_threads) {
  const Walks walks;
  const Sleeper sleeper([](const Stay& stay) {
    OpenSockets(50);
    stay();
  });
  const uint32_t pid = sleeper.pid();
  const auto walk = BpfOwners::MakeWalk(walks.owners, 2);
  CHECK(walk->Begin().ok());
  HolderLimits limits(size_t{1} << 28);
  std::vector<Holder> found[2];
  bool ok[2] = {};
  const auto run = [&](int which) {
    HolderList list(nullptr, false, &limits);
    ok[which] = true;
    for (bool more = true; more && ok[which];) ok[which] = walk->WalkPiece(&list, &more).ok();
    found[which] = list.TakeHolders();
  };
  std::thread other(run, 1);
  run(0);
  other.join();
  CHECK(ok[0] && ok[1]);
  size_t of_sleeper = 0;
  for (const auto& holders : found) {
    of_sleeper += static_cast<size_t>(std::count_if(holders.begin(), holders.end(), [&](const Holder& holder) {
      return holder.pid == pid;
    }));
  }
  CHECK_EQ(of_sleeper, ReadLinks(pid).size());
}

TEST(bpf_walks_end_when_they_are_cancelled_or_hold_too_much) {
  const Walks walks;
  const UniqueFd own(socket(AF_UNIX, SOCK_STREAM, 0));
  for (const int threads : {1, 2}) {
    for (const bool cancel : {true, false}) {
      const auto walk = BpfOwners::MakeWalk(walks.owners, threads);
      HolderLimits limits(cancel ? 1 << 20 : 0);
      if (cancel) limits.Cancel();
      HolderList list(nullptr, false, &limits);
      CHECK(walk->Begin().ok());
      Status status;
      for (bool more = true; more && status.ok();) status = walk->WalkPiece(&list, &more);
      CHECK_EQ(status.code(), cancel ? Code::kCancelled : Code::kTooLarge);
    }
  }
}

// Two processes hold one socket: the second is found too when all are asked for, and not looked for when the lowest is.
TEST(bpf_walks_for_the_lowest_holder_stop_behind_it) {
  const Walks walks;
  const UniqueFd shared(socket(AF_UNIX, SOCK_STREAM, 0));
  const Sleeper sleeper([](const Stay& stay) { stay(); });
  const auto pid = static_cast<uint32_t>(getpid());
  if (pid > sleeper.pid()) throw Skip("pids have wrapped round");
  uint32_t inode = 0;
  for (const Holder& holder : ReadLinks(pid)) {
    if (holder.fd == static_cast<uint32_t>(shared.get())) inode = holder.inode;
  }
  const uint32_t inodes[] = {inode};
  for (const int threads : {1, 2}) {
    WantedInodes wanted(inodes);
    const Walked walked = WalkAll(BpfOwners::MakeWalk(walks.owners, threads).get(), &wanted);
    CHECK(walked.status.ok());
    CHECK_EQ(walked.holders.size(), 1u);
    CHECK(walked.holders[0] == (Holder{.inode = inode, .pid = pid, .fd = static_cast<uint32_t>(shared.get())}));
    CHECK_EQ(walked.processes.size(), 1u);
  }
  walks.ForEach([&](const Walked& walked) { CHECK_EQ(walked.Of(sleeper.pid()).size(), walked.Of(pid).size()); });
}

}  // namespace
}  // namespace sockscope
