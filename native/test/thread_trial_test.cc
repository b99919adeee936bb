#include "core/thread_trial.h"

#include <dirent.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <new>

#include "test/check.h"

namespace sockscope {
namespace {

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

TEST(no_memory_for_a_thread_is_no_room_for_it) {
  CHECK(!MayStartThreads(1, [](std::function<void()>) -> std::thread { throw std::bad_alloc(); }));
  CHECK(MayStartThreads(0));
}

}  // namespace
}  // namespace sockscope
