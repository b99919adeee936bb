#include "core/owners/owner_scan.h"

#include <cerrno>
#include <mutex>
#include <new>
#include <semaphore>
#include <system_error>
#include <thread>
#include <utility>

#include "test/check.h"
#include "test/owner_answers.h"

namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;
using Piece = std::function<Status(HolderList*)>;

// Hands out scripted pieces.
class ScriptedWalk final : public OwnerWalk {
 public:
  explicit ScriptedWalk(std::vector<Piece> pieces, Status begun = Status::Ok())
      : pieces_(std::move(pieces)), begun_(begun) {}
  ~ScriptedWalk() override {
    if (destroyed != nullptr) *destroyed = true;
  }

  Status Begin() override {
    if (begins != nullptr) ++*begins;
    return begun_;
  }
  Status WalkPiece(HolderList* list, bool* more) override {
    Piece piece;
    {
      const std::lock_guard lock(mutex_);
      *more = next_ < pieces_.size();
      if (*more) piece = pieces_[next_++];
    }
    return piece ? piece(list) : Status::Ok();
  }

  int* begins = nullptr;
  bool* destroyed = nullptr;

 private:
  std::mutex mutex_;
  std::vector<Piece> pieces_;
  size_t next_ = 0;
  Status begun_;
};

std::unique_ptr<ScriptedWalk> Script(std::vector<Piece> pieces) {
  return std::make_unique<ScriptedWalk>(std::move(pieces));
}

// A process with sockets, at descriptors from 0 on.
Piece Process(uint32_t pid, uint32_t start, std::vector<uint32_t> inodes) {
  return [=](HolderList* list) {
    list->BeginProcess(pid, start);
    for (uint32_t fd = 0; fd < inodes.size(); ++fd) list->Add(inodes[fd], fd);
    ++list->tally.processes;
    return Status::Ok();
  };
}

// Goes on until it is told to stop.
Status WalkForever(HolderList* list) {
  for (;;) {
    if (const Status checked = list->Check(); !checked.ok()) return checked;
    std::this_thread::yield();
  }
}

// Grants `granted` threads and refuses the others, as a pids limit does.
StartThread Granting(int granted) {
  return [left = std::make_shared<int>(granted)](std::function<void()> body) {
    if ((*left)-- <= 0) throw std::system_error(EAGAIN, std::generic_category());
    return std::thread(std::move(body));
  };
}

TEST(owner_scan_answers_with_all_holders_and_their_processes) {
  for (const int threads : {1, 3}) {
    const OwnerAnswer answer = FindOwners(
        Script({Process(10, 100, {7, 8}), Process(20, 200, {}), Process(30, 300, {7}), Process(10, 100, {7, 9})}),
        AllHolders(threads));
    CHECK(answer.status.ok());
    CHECK_EQ(answer.tally.processes, uint64_t{4});
    CHECK_EQ(answer.tally.sockets, uint64_t{5});
    CHECK_EQ(answer.tally.threads, threads);
    CHECK_EQ(answer.index.size(), size_t{4});
    CHECK(HoldersOf(answer, 7) == (std::vector<Holder>{{7, 10, 0}, {7, 30, 0}}));
    CHECK(HoldersOf(answer, 9) == (std::vector<Holder>{{9, 10, 1}}));
    CHECK_EQ(answer.processes.size(), size_t{2});
    CHECK_EQ(answer.processes[0].pid, 10u);
    CHECK_EQ(answer.processes[1].pid, 30u);
    CHECK_EQ(answer.processes[1].start_ticks, 300u);
  }
}

TEST(owner_scan_for_the_lowest_names_no_other_process) {
  const OwnerAnswer answer =
      FindOwners(Script({Process(30, 300, {7, 8}), Process(10, 100, {7, 8}), Process(40, 400, {8, 9})}), {});
  CHECK(HoldersOf(answer, 7) == (std::vector<Holder>{{7, 10, 0}}));
  CHECK(HoldersOf(answer, 9) == (std::vector<Holder>{{9, 40, 1}}));
  CHECK_EQ(answer.processes.size(), size_t{2});
  CHECK_EQ(answer.processes[0].pid, 10u);
  CHECK_EQ(answer.processes[1].pid, 40u);
}

TEST(of_two_starts_of_a_pid_the_first_seen_stays) {
  const OwnerAnswer answer = FindOwners(Script({Process(10, 222, {7}), Process(10, 111, {8})}), AllHolders());
  CHECK_EQ(answer.processes.size(), size_t{1});
  CHECK_EQ(answer.processes[0].start_ticks, 222u);
}

TEST(selective_owner_scan_holds_only_what_was_wanted) {
  OwnerQuestion question = AllHolders();
  question.selective = true;
  question.wanted = {8, 0, 8, 12};
  const OwnerAnswer answer = FindOwners(Script({Process(10, 100, {7, 8}), Process(20, 200, {7})}), question);
  CHECK(answer.status.ok());
  CHECK_EQ(answer.index.size(), size_t{1});
  CHECK(HoldersOf(answer, 8) == (std::vector<Holder>{{8, 10, 1}}));
  CHECK(HoldersOf(answer, 7).empty());
  CHECK_EQ(answer.processes.size(), size_t{1});
}

TEST(owner_scan_for_nothing_does_not_walk) {
  for (const std::vector<uint32_t>& wanted : {std::vector<uint32_t>{}, std::vector<uint32_t>{0, 0}}) {
    int begins = 0;
    auto walk = Script({Process(10, 100, {7})});
    walk->begins = &begins;
    const OwnerAnswer answer = FindOwners(std::move(walk), LowestOf(wanted));
    CHECK(answer.status.ok());
    CHECK_EQ(begins, 0);
    CHECK_EQ(answer.tally.threads, 0);
    CHECK_EQ(answer.index.size(), size_t{0});
  }
}

// Pids are handed out upwards; a thread may be slow with a lower one.
TEST(lowest_holder_is_right_where_the_lowest_pid_comes_last) {
  std::binary_semaphore found{0};
  bool satisfied_at_20 = false;
  bool satisfied_at_10 = true;
  const auto slow = [&](HolderList* list) {
    found.acquire();
    satisfied_at_10 = list->SatisfiedBelow(10);
    return Process(10, 100, {7})(list);
  };
  const auto quick = [&](HolderList* list) {
    const Status walked = Process(20, 200, {7})(list);
    satisfied_at_20 = list->SatisfiedBelow(20);
    found.release();
    return walked;
  };
  const OwnerAnswer answer = FindOwners(Script({slow, quick}), LowestOf({7}, 2));
  CHECK(satisfied_at_20);
  CHECK(!satisfied_at_10);
  CHECK(HoldersOf(answer, 7) == (std::vector<Holder>{{7, 10, 0}}));
  CHECK_EQ(answer.processes.size(), size_t{1});
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
