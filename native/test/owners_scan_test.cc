#include "core/owners/owner_scan.h"

#include <semaphore>
#include <utility>
#include <vector>

#include "test/check.h"
#include "test/owner_answers.h"
#include "test/scripted_walk.h"

namespace sockscope {
namespace {

using namespace test;

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

}  // namespace
}  // namespace sockscope
