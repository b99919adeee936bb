#include "core/thread_trial.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <new>

#include "test/check.h"
#include "test/child_process.h"
#include "test/seccomp_filter.h"

namespace sockscope {
namespace {

using namespace test;

int OwnThreads() {
  DIR* const tasks = opendir("/proc/self/task");
  CHECK(tasks != nullptr);
  int count = 0;
  while (const dirent* entry = readdir(tasks)) count += entry->d_name[0] != '.';
  closedir(tasks);
  return count;
}

TEST(threads_that_can_be_had_are_had_at_once_and_have_gone) {
  const int before = OwnThreads();
  std::atomic<int> most = 0;
  const StartThread start = [&](std::function<void()> body) {
    std::thread started(std::move(body));
    most = std::max(most.load(), OwnThreads() - before);
    return started;
  };
  CHECK(MayStartThreads(4, start));
  CHECK_EQ(most.load(), 4);
  CHECK_EQ(OwnThreads(), before);
}

TEST(one_thread_too_many_is_told_and_the_others_are_let_go) {
  const int before = OwnThreads();
  int left = 3;
  const StartThread start = [&left](std::function<void()> body) {
    if (left-- <= 0) throw std::system_error(EAGAIN, std::generic_category());
    return std::thread(std::move(body));
  };
  CHECK(!MayStartThreads(4, start));
  CHECK_EQ(OwnThreads(), before);
}

// Bytes that this process has mapped.
rlim_t Mapped() {
  std::ifstream file("/proc/self/statm");
  rlim_t pages = 0;
  file >> pages;
  return pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

// libuv's threads have 8 MB each, however small the stacks of others are.
TEST(stacks_of_8_MB_are_tried_out_too) {
  const ChildProcess bound([] {
    const StartThread small = [](std::function<void()>) { return std::thread(); };
    const rlim_t most = Mapped() + (rlim_t{20} << 20);
    const rlimit limit{most, most};
    const bool limited = setrlimit(RLIMIT_AS, &limit) == 0;
    return std::vector<uint32_t>{limited, MayStartThreads(2, small), MayStartThreads(4, small), MayStartThreads(2, small)};
  });
  CHECK(bound.numbers() == (std::vector<uint32_t>{1, 1, 0, 1}));
}

// It tells who is there: no reason to be refused it, or killed for it.
TEST(threads_are_sent_no_signal) {
  const ChildProcess filtered([] {
    const bool kills = FilterCall(SYS_tgkill, SECCOMP_RET_KILL_PROCESS);
    return std::vector<uint32_t>{kills, MayStartThreads(4)};
  });
  CHECK(filtered.numbers() == (std::vector<uint32_t>{1, 1}));
}

TEST(no_memory_for_a_thread_is_no_room_for_it) {
  CHECK(!MayStartThreads(1, [](std::function<void()>) -> std::thread { throw std::bad_alloc(); }));
  CHECK(MayStartThreads(0));
}

}  // namespace
}  // namespace sockscope
