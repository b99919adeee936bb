#include "core/owners/proc_fd_walk.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/owners/process_directory.h"
#include "test/check.h"
#include "test/child_process.h"
#include "test/owner_answers.h"
#include "test/socket_holders.h"

// The procfd walk over real processes.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

UniqueFd OpenSocket() {
  UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  CHECK(fd.valid());
  return fd;
}

OwnerAnswer WalkProc(OwnerQuestion question, ProcFdOptions options = {}) {
  OwnerAnswer answer = FindOwners(MakeProcFdWalk(std::move(options)), std::move(question));
  CHECK(answer.status.ok());
  return answer;
}

OwnerQuestion AllOf(std::vector<uint32_t> wanted, int threads = 1) {
  return {.lowest = false, .selective = true, .wanted = std::move(wanted), .threads = threads};
}

uint32_t OwnPid() { return static_cast<uint32_t>(getpid()); }

uint32_t StartOf(uint32_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return ParseProcessStat(text).value().start_ticks;
}

void CheckManyFound(uint32_t step) {
  NeedDescriptors(100 + kMany * step);
  const ChildProcess child([step] { return HoldMany(step); });
  CHECK_EQ(child.numbers().size(), size_t{1});
  const uint32_t inode = child.numbers()[0];
  for (const int threads : {1, 2, 4}) {
    const OwnerAnswer answer = WalkProc(AllOf({inode}, threads));
    const auto found = HoldersOf(answer, inode);
    CHECK_EQ(found.size(), size_t{kMany});
    for (uint32_t count = 0; count < kMany; ++count) {
      CHECK(found[count] == (Holder{inode, child.pid(), 100 + count * step}));
    }
    CHECK_EQ(answer.processes.size(), size_t{1});
  }
}

TEST(own_socket_is_found_by_each_of_its_descriptors) {
  const UniqueFd fd = OpenSocket();
  const UniqueFd twin(dup(fd.get()));
  const uint32_t inode = InodeOfFd(fd.get());
  for (const int threads : {1, 2}) {
    const OwnerAnswer answer = WalkProc(AllHolders(threads));
    std::set<uint32_t> fds;
    for (const Holder& holder : HoldersOf(answer, inode)) {
      CHECK_EQ(holder.pid, OwnPid());
      fds.insert(holder.fd);
    }
    CHECK(fds == (std::set<uint32_t>{uint32_t(fd.get()), uint32_t(twin.get())}));
    const OwnerAnswer own = WalkProc(AllOf({inode}, threads));
    CHECK_EQ(own.processes.size(), size_t{1});
    CHECK_EQ(own.processes[0].pid, OwnPid());
    CHECK_EQ(own.processes[0].start_ticks, StartOf(OwnPid()));
    CHECK(own.tally.descriptors > own.tally.sockets && own.tally.processes > 1);
  }
  CHECK(HoldersOf(WalkProc({}), inode) == (std::vector<Holder>{{inode, OwnPid(), uint32_t(std::min(fd.get(), twin.get()))}}));
}

TEST(socket_shared_over_fork_has_every_holder_and_a_lowest) {
  const UniqueFd fd = OpenSocket();
  const uint32_t inode = InodeOfFd(fd.get());
  const ChildProcess one([] { return std::vector<uint32_t>{}; });
  const ChildProcess two([] { return std::vector<uint32_t>{}; });
  const std::set<uint32_t> expected{OwnPid(), one.pid(), two.pid()};
  for (const int threads : {1, 2}) {
    std::set<uint32_t> pids;
    for (const Holder& holder : HoldersOf(WalkProc(AllHolders(threads)), inode)) pids.insert(holder.pid);
    CHECK(pids == expected);
    const auto lowest = HoldersOf(WalkProc(LowestOf({inode}, threads)), inode);
    CHECK(lowest == (std::vector<Holder>{{inode, *expected.begin(), uint32_t(fd.get())}}));
  }
}

TEST(socket_in_flight_is_not_found) {
  int ends[2];
  CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), 0);
  const UniqueFd from(ends[0]);
  const UniqueFd to(ends[1]);
  UniqueFd fd = OpenSocket();
  const uint32_t inode = InodeOfFd(fd.get());
  char byte = 'x';
  iovec part{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  *rights = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  const int number = fd.get();
  std::copy_n(reinterpret_cast<const char*>(&number), sizeof(number), reinterpret_cast<char*>(CMSG_DATA(rights)));
  CHECK_EQ(sendmsg(from.get(), &message, 0), ssize_t{1});
  CHECK_EQ(HoldersOf(WalkProc(AllOf({inode})), inode).size(), size_t{1});
  fd = UniqueFd();
  CHECK(HoldersOf(WalkProc(AllOf({inode})), inode).empty());
}

TEST(fifteen_thousand_descriptors_side_by_side_are_found) { CheckManyFound(1); }
TEST(fifteen_thousand_descriptors_with_gaps_are_found) {
  rlimit limit;
  CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  CheckManyFound(limit.rlim_max >= 100 + kMany * 4 ? 4 : 1);
}

// A few low numbers, and the others far away.
TEST(descriptors_with_high_numbers_are_found) {
  NeedDescriptors(18'001);
  const ChildProcess child([] {
    RaiseDescriptors();
    const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    for (int number = 1200; number <= 18'000; number += 12) {
      if (dup2(fd, number) < 0) _exit(1);
    }
    return std::vector<uint32_t>{InodeOfFd(fd), static_cast<uint32_t>(fd)};
  });
  const uint32_t inode = child.numbers().at(0);
  for (const int threads : {1, 2, 4}) {
    const auto found = HoldersOf(WalkProc(AllOf({inode}, threads)), inode);
    CHECK_EQ(found.size(), size_t{1 + 1401});
    CHECK_EQ(found[0].fd, child.numbers().at(1));
    for (uint32_t count = 0; count <= 1400; ++count) CHECK_EQ(found[1 + count].fd, 1200 + count * 12);
  }
}

TEST(lowest_holder_in_a_large_process_is_its_lowest_descriptor) {
  NeedDescriptors(100 + kMany);
  const ChildProcess child([] { return HoldMany(1); });
  const uint32_t inode = child.numbers().at(0);
  for (const int threads : {1, 4}) {
    const OwnerAnswer answer = WalkProc(LowestOf({inode}, threads));
    CHECK(HoldersOf(answer, inode) == (std::vector<Holder>{{inode, child.pid(), 100}}));
  }
}

TEST(large_process_can_be_too_large) {
  NeedDescriptors(100 + kMany);
  const ChildProcess child([] { return HoldMany(1); });
  for (const int threads : {1, 2}) {
    OwnerQuestion question = AllOf(child.numbers(), threads);
    question.max_bytes = 40'000;
    const OwnerAnswer answer = FindOwners(MakeProcFdWalk({}), question);
    CHECK_EQ(answer.status.code(), Code::kTooLarge);
    CHECK_EQ(answer.index.size(), size_t{0});
  }
}

TEST(process_that_ends_after_the_walk_began_has_vanished) {
  ChildProcess child(HoldThree);
  const auto walk = MakeProcFdWalk({});
  CHECK(walk->Begin().ok());
  child.End();
  HolderLimits limits(size_t{1} << 30);
  HolderList list(nullptr, false, &limits);
  for (bool more = true; more;) CHECK(walk->WalkPiece(&list, &more).ok());
  CHECK(list.tally.vanished >= 1);
  for (const Holder& holder : list.holders()) CHECK(holder.pid != child.pid());
}

TEST(walk_of_slots_finds_them_where_they_are_still_open) {
  const UniqueFd fd = OpenSocket();
  const UniqueFd other = OpenSocket();
  ProcFdOptions options;
  options.only_slots = true;
  options.slots = {{OwnPid(), uint32_t(other.get())}, {OwnPid(), uint32_t(fd.get())}};
  const uint32_t replaced = InodeOfFd(other.get());
  CHECK_EQ(dup2(UniqueFd(open("/dev/null", O_RDONLY)).get(), other.get()), other.get());
  const OwnerAnswer answer = WalkProc(AllHolders(), options);
  CHECK_EQ(answer.index.size(), size_t{1});
  CHECK_EQ(answer.tally.descriptors, uint64_t{2});
  CHECK(HoldersOf(answer, replaced).empty());
  CHECK_EQ(HoldersOf(answer, InodeOfFd(fd.get())).size(), size_t{1});
}

TEST(processes_that_may_not_be_looked_at_are_denied) {
  if (getuid() != 0) throw Skip("not root");
  const ChildProcess held([] { return HoldThree(); });
  const uint32_t inode = held.numbers().at(0);
  const ChildProcess nobody([inode] {
    if (setgid(65534) != 0 || setuid(65534) != 0) return std::vector<uint32_t>{};
    const OwnerAnswer answer = FindOwners(MakeProcFdWalk({}), AllHolders());
    return std::vector<uint32_t>{answer.status.ok(), uint32_t(answer.tally.denied), uint32_t(answer.tally.unopened),
                                 uint32_t(HoldersOf(answer, inode).size())};
  });
  CHECK_EQ(nobody.numbers().size(), size_t{4});
  CHECK_EQ(nobody.numbers()[0], 1u);
  CHECK(nobody.numbers()[1] >= 1);
  CHECK(nobody.numbers()[2] >= 1 && nobody.numbers()[2] <= nobody.numbers()[1]);
  CHECK_EQ(nobody.numbers()[3], 0u);
  CHECK_EQ(HoldersOf(WalkProc(AllHolders()), inode).size(), size_t{1});
}

}  // namespace
}  // namespace sockscope
