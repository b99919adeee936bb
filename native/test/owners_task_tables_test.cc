#include "core/owners/task_tables.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "core/owners/numbered_entries.h"
#include "core/owners/proc_fd_walk.h"
#include "core/owners/process_directory.h"
#include "test/check.h"
#include "test/child_process.h"
#include "test/owner_answers.h"
#include "test/seccomp_filter.h"

// Threads whose descriptors their process's fd directory does not show.
namespace sockscope {
namespace {

using namespace test;

uint32_t NewSocket() { return InodeOfFd(socket(AF_UNIX, SOCK_DGRAM, 0)); }

// Runs `body` on a thread that then stays.
void OnThread(const std::function<void()>& body) {
  std::binary_semaphore done{0};
  std::thread([&done, body] {
    body();
    done.release();
    WaitToBeEnded();
  }).detach();
  done.acquire();
}

void EndThisThread() { syscall(SYS_exit, 0); }

// The first thread ends once its process has reported the inode of a socket.
struct EndedLeader : ChildProcess {
  EndedLeader()
      : ChildProcess(
            [] {
              OnThread([] {});
              OnThread([] {});
              return std::vector<uint32_t>{NewSocket()};
            },
            EndThisThread) {
    for (int tries = 0; tries < 2000; ++tries) {
      std::ifstream file("/proc/" + std::to_string(pid()) + "/stat");
      const auto stat = ParseProcessStat(std::string{std::istreambuf_iterator<char>(file), {}});
      if (stat && stat->state == 'Z') return;
      usleep(1000);
    }
    throw Failure("the first thread has not ended");
  }
};

// Of its threads two share a table of their own, which has the second of the two sockets reported; a third one shares the
// leader's, with the first socket. The tables have different numbers of descriptors.
struct OwnTable : ChildProcess {
  OwnTable()
      : ChildProcess([] {
          std::vector<uint32_t> inodes{0, 0};
          OnThread([&] {
            if (unshare(CLONE_FILES) != 0) _exit(1);
            inodes[1] = NewSocket();
            for (int count = 0; count < 3; ++count) (void)dup(0);
            OnThread([] {});
          });
          OnThread([] {});
          inodes[0] = NewSocket();
          return inodes;
        }) {}
};

OwnerAnswer Walk(const std::vector<uint32_t>& wanted, bool threads) {
  const OwnerQuestion question{.lowest = false, .selective = true, .wanted = wanted};
  OwnerAnswer answer = FindOwners(MakeProcFdWalk({.threads = threads}), question);
  CHECK(answer.status.ok());
  return answer;
}

// How many other tables are found in the process, the root being said to be such.
size_t CountTables(uint32_t pid, bool may_compare, bool counts) {
  ProcRoot root;
  CHECK(OpenProcRoot("/proc", &root).ok());
  if ((may_compare && !root.may_compare) || (counts && !root.counts)) throw Skip("this /proc does not tell so much");
  root.may_compare = may_compare;
  root.counts = counts;
  int error = 0;
  const auto process = ProcessDirectory::Open(root, pid, &error);
  CHECK_EQ(error, 0);
  CHECK(process->HasOtherThreads());
  std::vector<uint32_t> threads;
  CHECK(FindTaskTables(root, *process, &threads).ok());
  for (const uint32_t thread : threads) CHECK(thread != pid);
  return threads.size();
}

bool MayCompare() { return syscall(SYS_kcmp, getpid(), getpid(), 2, 0, 0) == 0; }

TEST(sockets_of_a_process_whose_leader_has_ended_are_found) {
  const EndedLeader child;
  const uint32_t inode = child.numbers().at(0);
  const auto found = HoldersOf(Walk({inode}, true), inode);
  CHECK_EQ(found.size(), size_t{1});
  CHECK_EQ(found[0].pid, child.pid());
  CHECK(HoldersOf(Walk({inode}, false), inode).empty());
}

TEST(sockets_of_a_thread_with_its_own_table_are_found) {
  const OwnTable child;
  const uint32_t shared = child.numbers().at(0);
  const uint32_t own = child.numbers().at(1);
  const OwnerAnswer all = Walk({shared, own}, true);
  CHECK_EQ(HoldersOf(all, own).size(), size_t{1});
  CHECK_EQ(HoldersOf(all, own)[0].pid, child.pid());
  CHECK_EQ(HoldersOf(all, shared).size(), size_t{1});
  CHECK_EQ(all.processes.size(), size_t{1});
  const OwnerAnswer leaders = Walk({shared, own}, false);
  CHECK(HoldersOf(leaders, own).empty());
  CHECK_EQ(HoldersOf(leaders, shared).size(), size_t{1});
}

TEST(slot_in_a_threads_own_table_is_found) {
  const OwnTable child;
  const uint32_t own = child.numbers().at(1);
  const auto found = HoldersOf(Walk({own}, true), own);
  CHECK_EQ(found.size(), size_t{1});
  const ProcFdOptions options{.slots = {{child.pid(), found[0].fd}}, .only_slots = true};
  const OwnerAnswer answer = FindOwners(MakeProcFdWalk(options), AllHolders());
  CHECK(HoldersOf(answer, own) == found);
}

TEST(each_table_of_a_process_is_found_once) {
  const OwnTable own;
  const EndedLeader ended;
  if (!MayCompare()) throw Skip("kcmp(2) is refused");
  CHECK_EQ(CountTables(own.pid(), true, true), size_t{1});
  CHECK_EQ(CountTables(ended.pid(), true, true), size_t{1});
  CHECK_EQ(CountTables(own.pid(), true, false), size_t{1});
  CHECK_EQ(CountTables(ended.pid(), true, false), size_t{1});
}

TEST(tables_that_cannot_be_compared_are_told_by_their_counts) {
  const OwnTable own;
  const EndedLeader ended;
  CHECK_EQ(CountTables(own.pid(), false, true), size_t{1});
  CHECK_EQ(CountTables(ended.pid(), false, true), size_t{1});
}

TEST(tables_are_not_compared_where_a_filter_might_kill_for_it) {
  const OwnTable own;
  const uint32_t inode = own.numbers().at(1);
  const ChildProcess filtered([inode] {
    const bool kills = FilterCall(SYS_kcmp, SECCOMP_RET_KILL_PROCESS);
    return std::vector<uint32_t>{kills, static_cast<uint32_t>(HoldersOf(Walk({inode}, true), inode).size())};
  });
  CHECK(filtered.numbers() == (std::vector<uint32_t>{1, 1}));
}

TEST(without_counts_an_ended_leaders_table_is_found) {
  const OwnTable own;
  const EndedLeader ended;
  CHECK_EQ(CountTables(own.pid(), false, false), size_t{0});
  CHECK_EQ(CountTables(ended.pid(), false, false), size_t{1});
}

// A sanitizer may have a thread of its own in it.
TEST(process_has_other_threads_if_it_lists_several) {
  const ChildProcess child([] { return std::vector<uint32_t>{}; });
  ProcRoot root;
  CHECK(OpenProcRoot("/proc", &root).ok());
  int error = 0;
  const auto process = ProcessDirectory::Open(root, child.pid(), &error);
  CHECK_EQ(error, 0);
  std::vector<uint32_t> threads;
  CHECK_EQ(ReadNumbers(UniqueFd(openat(process->get(), "task", O_RDONLY)).get(), &threads), 0);
  CHECK(!threads.empty());
  CHECK_EQ(process->HasOtherThreads(), threads.size() > 1);
}

}  // namespace
}  // namespace sockscope
