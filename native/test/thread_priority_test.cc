#include "core/thread_priority.h"

#include <sys/resource.h>

#include <cerrno>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "core/owners/owner_scan.h"
#include "core/scan.h"
#include "test/check.h"
#include "test/endless_transport.h"
#include "test/owner_answers.h"
#include "test/recording_sink.h"
#include "test/scripted_walk.h"

namespace sockscope {
namespace {

using namespace test;

// The level of the calling thread.
int Level() { return getpriority(PRIO_PROCESS, 0); }

std::thread Plain(std::function<void()> body) { return std::thread(std::move(body)); }

std::thread Refused(std::function<void()>) { throw std::system_error(EAGAIN, std::generic_category()); }

const int kUsual = Level();
const int kLow = kUsual + 10 < 19 ? kUsual + 10 : 19;

TEST(low_priority_is_that_of_the_work_alone) {
  int level = -100;
  std::thread::id worker;
  RunAt(Priority::kLow, Plain, [&] {
    level = Level();
    worker = std::this_thread::get_id();
  });
  CHECK_EQ(level, kLow);
  CHECK(worker != std::this_thread::get_id());
  CHECK_EQ(Level(), kUsual);
}

TEST(normal_priority_needs_no_thread) {
  int level = -100;
  RunAt(Priority::kNormal, Refused, [&] { level = Level(); });
  CHECK_EQ(level, kUsual);
}

TEST(where_a_thread_is_refused_the_work_is_done_all_the_same) {
  int level = -100;
  RunAt(Priority::kLow, Refused, [&] { level = Level(); });
  CHECK_EQ(level, kUsual);
}

TEST(threads_of_low_work_have_its_priority) {
  int level = -100;
  RunAt(Priority::kLow, Plain, [&] { Plain([&] { level = Level(); }).join(); });
  CHECK_EQ(level, kLow);
}

// Both threads of a dump: one hands batches over, the other asks the kernel.
TEST(scan_works_at_its_priority_and_ends_at_the_usual_one) {
  for (const Priority priority : {Priority::kNormal, Priority::kLow}) {
    for (const int threads : {1, 2}) {
      RecordingSink sink;
      std::vector<int> levels;
      int received = -100;
      sink.on_batch = [&] {
        levels.push_back(Level());
        return Status::Ok();
      };
      Step last = Step::Of(Done(1));
      last.before = [&] { received = Level(); };
      ScanRequest request = TcpRequest(threads);
      request.priority = priority;
      RunScan(&sink, request, RowsThen(std::move(last), 20'000));
      CHECK(sink.end->ok());
      CHECK_EQ(sink.tally.threads, threads);
      const int expected = priority == Priority::kLow ? kLow : kUsual;
      CHECK(!levels.empty());
      for (const int level : levels) CHECK_EQ(level, expected);
      CHECK_EQ(received, expected);
      CHECK_EQ(Level(), kUsual);
    }
  }
}

TEST(owner_scan_walks_at_its_priority_on_every_thread) {
  for (const Priority priority : {Priority::kNormal, Priority::kLow}) {
    std::mutex mutex;
    std::vector<int> levels;
    const Piece piece = [&](HolderList*) {
      const std::lock_guard lock(mutex);
      levels.push_back(Level());
      return Status::Ok();
    };
    OwnerQuestion question = AllHolders(3);
    question.priority = priority;
    const OwnerAnswer answer = FindOwners(Script(std::vector<Piece>(30, piece)), question);
    CHECK(answer.status.ok());
    CHECK_EQ(answer.tally.threads, 3);
    CHECK_EQ(levels.size(), size_t{30});
    for (const int level : levels) CHECK_EQ(level, priority == Priority::kLow ? kLow : kUsual);
  }
}

}  // namespace
}  // namespace sockscope
