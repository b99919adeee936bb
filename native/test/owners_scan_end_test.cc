#include "core/owners/owner_scan.h"

#include <cerrno>
#include <new>
#include <semaphore>
#include <system_error>
#include <thread>
#include <utility>

#include "test/check.h"
#include "test/owner_answers.h"
#include "test/scripted_walk.h"

// Owner scans that are refused threads, fail, or are told to end.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

// Grants `granted` threads and refuses the others, as a pids limit does.
StartThread Granting(int granted) {
  return [left = std::make_shared<int>(granted)](std::function<void()> body) {
    if ((*left)-- <= 0) throw std::system_error(EAGAIN, std::generic_category());
    return std::thread(std::move(body));
  };
}

TEST(owner_scan_without_its_first_thread_does_not_start) {
  RecordingOwners sink;
  OwnerScan scan(Script({Process(10, 100, {7})}), AllHolders(), &sink, Granting(0));
  const Status started = scan.Start();
  CHECK_EQ(started.code(), Code::kNoThread);
  CHECK_EQ(started.error_number(), EAGAIN);
  scan.Join();
  CHECK_EQ(sink.answers, 0);
}

TEST(refused_threads_leave_an_owner_scan_with_fewer) {
  for (const int granted : {1, 2}) {
    RecordingOwners sink;
    OwnerScan scan(Script({Process(10, 100, {7}), Process(20, 100, {8})}), AllHolders(4), &sink, Granting(granted));
    CHECK(scan.Start().ok());
    scan.Join();
    CHECK(sink.answer->status.ok());
    CHECK_EQ(sink.answer->tally.threads, granted);
    CHECK_EQ(sink.answer->index.size(), size_t{2});
  }
}

TEST(walk_that_cannot_begin_ends_the_owner_scan_with_its_words) {
  const OwnerAnswer answer = FindOwners(
      std::make_unique<ScriptedWalk>(std::vector<Piece>{Process(1, 1, {7})}, Status::FromErrno("open /proc", EACCES)),
      AllHolders(2));
  CHECK_EQ(answer.status.code(), Code::kSystem);
  CHECK_EQ(answer.status.error_number(), EACCES);
  CHECK_EQ(answer.index.size(), size_t{0});
}

TEST(error_of_one_thread_stops_the_others_and_is_the_outcome) {
  for (const bool first_fails : {true, false}) {
    std::binary_semaphore walking{0};
    const auto failing = [&](HolderList* list) {
      (void)Process(10, 100, {7})(list);
      walking.acquire();
      return Status::FromErrno("readlink", EMFILE);
    };
    const auto endless = [&](HolderList* list) {
      walking.release();
      return WalkForever(list);
    };
    auto pieces = first_fails ? std::vector<Piece>{failing, endless} : std::vector<Piece>{endless, failing};
    const OwnerAnswer answer = FindOwners(Script(std::move(pieces)), AllHolders(2));
    CHECK_EQ(answer.status.code(), Code::kSystem);
    CHECK_EQ(answer.status.error_number(), EMFILE);
    CHECK_EQ(answer.index.size(), size_t{0});
    CHECK(answer.processes.empty());
    CHECK_EQ(answer.tally.processes, uint64_t{1});
  }
}

TEST(owner_scan_is_cancelled_in_the_middle_of_its_walk) {
  for (const int threads : {1, 2}) {
    RecordingOwners sink;
    std::binary_semaphore walking{0};
    const auto endless = [&](HolderList* list) {
      walking.release();
      return WalkForever(list);
    };
    OwnerScan scan(Script({endless, WalkForever}), AllHolders(threads), &sink);
    CHECK(scan.Start().ok());
    walking.acquire();
    scan.Cancel();
    scan.Cancel();
    scan.Join();
    CHECK_EQ(sink.answer->status.code(), Code::kCancelled);
    CHECK_EQ(sink.answers, 1);
  }
}

TEST(owner_scan_is_cancelled_between_the_pieces_of_a_deaf_walk) {
  RecordingOwners sink;
  OwnerScan* scan = nullptr;
  int after = 0;
  const auto cancels = [&](HolderList*) {
    scan->Cancel();
    return Status::Ok();
  };
  const auto counts = [&](HolderList*) {
    ++after;
    return Status::Ok();
  };
  OwnerScan cancelled(Script({cancels, counts}), AllHolders(), &sink);
  scan = &cancelled;
  CHECK(cancelled.Start().ok());
  cancelled.Join();
  CHECK_EQ(sink.answer->status.code(), Code::kCancelled);
  CHECK_EQ(after, 0);
}

TEST(cancel_after_the_answer_changes_nothing) {
  RecordingOwners sink;
  OwnerScan scan(Script({Process(10, 100, {7})}), AllHolders(), &sink);
  CHECK(scan.Start().ok());
  scan.Join();
  scan.Cancel();
  scan.Join();
  CHECK(sink.answer->status.ok());
  CHECK_EQ(sink.answer->index.size(), size_t{1});
}

TEST(destructor_ends_an_owner_scan) {
  RecordingOwners sink;
  {
    OwnerScan scan(Script({WalkForever, WalkForever}), AllHolders(2), &sink);
    CHECK(scan.Start().ok());
  }
  CHECK_EQ(sink.answer->status.code(), Code::kCancelled);
  { OwnerScan scan(Script({}), AllHolders(), &sink); }
  CHECK_EQ(sink.answers, 1);
}

TEST(more_holders_than_allowed_are_too_large) {
  const auto endless = [](HolderList* list) {
    list->BeginProcess(10, 100);
    for (uint32_t inode = 1;; ++inode) {
      list->Add(inode, inode);
      if (inode % 100 != 0) continue;
      if (const Status checked = list->Check(); !checked.ok()) return checked;
    }
  };
  OwnerQuestion question = AllHolders(2);
  question.max_bytes = 100'000;
  const OwnerAnswer answer = FindOwners(Script({endless, WalkForever}), question);
  CHECK_EQ(answer.status.code(), Code::kTooLarge);
  CHECK(answer.tally.sockets > 100'000 / sizeof(Holder) / 4 && answer.tally.sockets < 10'000);
}

TEST(what_a_walk_throws_stays_in_the_owner_scan) {
  for (const int threads : {1, 2}) {
    const auto ending = [threads](Piece piece) {
      return FindOwners(Script({std::move(piece), Process(10, 100, {7})}), AllHolders(threads)).status;
    };
    CHECK_EQ(ending([](HolderList*) -> Status { throw std::bad_alloc(); }).code(), Code::kNoMemory);
    CHECK_EQ(ending([](HolderList*) -> Status { throw 7; }).code(), Code::kSystem);
    const Status system =
        ending([](HolderList*) -> Status { throw std::system_error(EDEADLK, std::generic_category()); });
    CHECK_EQ(system.error_number(), EDEADLK);
  }
}

TEST(walk_is_gone_before_the_answer_is_given) {
  struct : OwnerSink {
    bool destroyed = false;
    bool destroyed_before = false;
    void OnOwners(OwnerAnswer) override { destroyed_before = destroyed; }
  } sink;
  auto walk = Script({Process(10, 100, {7})});
  walk->destroyed = &sink.destroyed;
  OwnerScan scan(std::move(walk), AllHolders(), &sink);
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK(sink.destroyed_before);
}

}  // namespace
}  // namespace sockscope
