#include "core/owners/holder_list.h"

#include <vector>

#include "core/owners/wanted_inodes.h"
#include "test/check.h"

namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

constexpr size_t kPlenty = size_t{1} << 20;

TEST(wanted_inodes_leave_out_zero_and_duplicates) {
  const std::vector<uint32_t> inodes{7, 0, 7, 9, UINT32_MAX};
  WantedInodes wanted(inodes);
  CHECK_EQ(wanted.size(), size_t{3});
  CHECK(wanted.Has(7) && wanted.Has(9) && wanted.Has(UINT32_MAX));
  CHECK(!wanted.Has(0) && !wanted.Has(8));
  CHECK(wanted.Take(7, 1) && !wanted.Take(8, 1) && !wanted.Take(0, 1));
}

TEST(thousands_of_wanted_inodes_are_told_from_others) {
  std::vector<uint32_t> inodes;
  for (uint32_t number = 1; number <= 20'000; ++number) inodes.push_back(number * 2654435761u | 1);
  const WantedInodes wanted(inodes);
  CHECK_EQ(wanted.size(), inodes.size());
  for (const uint32_t inode : inodes) CHECK(wanted.Has(inode) && !wanted.Has(inode ^ 1));
}

TEST(wanted_inodes_are_satisfied_from_the_highest_first_finder_on) {
  const std::vector<uint32_t> inodes{7, 9};
  WantedInodes wanted(inodes);
  CHECK(wanted.Take(7, 50));
  CHECK(!wanted.SatisfiedBelow(UINT32_MAX));
  CHECK(wanted.Take(9, 20));
  CHECK(!wanted.SatisfiedBelow(49));
  CHECK(wanted.SatisfiedBelow(50));
  // Found again, lower or higher: nothing more is to be hoped for, and nothing less.
  CHECK(wanted.Take(7, 60) && wanted.Take(7, 30));
  CHECK(wanted.SatisfiedBelow(50) && !wanted.SatisfiedBelow(49));
}

TEST(list_keeps_a_process_once_and_only_if_it_holds_a_wanted_socket) {
  const std::vector<uint32_t> inodes{7, 9};
  WantedInodes wanted(inodes);
  HolderLimits limits(kPlenty);
  HolderList list(&wanted, true, &limits);
  CHECK(list.Wants(7) && !list.Wants(8) && !list.Wants(0));
  list.BeginProcess(30, 300);
  list.Add(8, 3);
  list.BeginProcess(40, 400);
  list.Add(8, 3);
  list.Add(7, 4);
  list.Add(9, 5);
  CHECK_EQ(list.tally.sockets, uint64_t{4});
  CHECK_EQ(list.processes().size(), size_t{1});
  CHECK_EQ(list.processes()[0].pid, 40u);
  CHECK_EQ(list.processes()[0].start_ticks, 400u);
  CHECK(list.holders() == (std::vector<Holder>{{7, 40, 4}, {9, 40, 5}}));
}

TEST(list_without_a_selection_wants_every_socket_but_zero) {
  HolderLimits limits(kPlenty);
  HolderList list(nullptr, true, &limits);
  CHECK(list.Wants(1) && !list.Wants(0));
  list.BeginProcess(3, 4);
  list.Add(0, 1);
  list.Add(5, 2);
  CHECK_EQ(list.tally.sockets, uint64_t{2});
  CHECK(list.TakeHolders() == (std::vector<Holder>{{5, 3, 2}}));
}

TEST(list_is_satisfied_only_where_the_lowest_of_a_selection_are_asked_for) {
  const std::vector<uint32_t> inodes{7};
  for (const bool lowest : {true, false}) {
    WantedInodes wanted(inodes);
    HolderLimits limits(kPlenty);
    HolderList list(&wanted, lowest, &limits);
    list.BeginProcess(3, 0);
    list.Add(7, 1);
    CHECK_EQ(list.SatisfiedBelow(3), lowest);
  }
  HolderLimits limits(kPlenty);
  CHECK(!HolderList(nullptr, true, &limits).SatisfiedBelow(UINT32_MAX));
}

TEST(lists_share_what_they_may_hold) {
  HolderLimits limits(3000);
  HolderList one(nullptr, false, &limits);
  HolderList other(nullptr, false, &limits);
  for (HolderList* list : {&one, &other}) {
    list->BeginProcess(3, 0);
    for (uint32_t fd = 0; fd < 128; ++fd) list->Add(1 + fd, fd);
  }
  CHECK(one.Check().ok());
  CHECK(one.Check().ok());
  CHECK_EQ(other.Check().code(), Code::kTooLarge);
}

TEST(list_says_that_it_was_cancelled) {
  HolderLimits limits(kPlenty);
  HolderList list(nullptr, false, &limits);
  CHECK(list.Check().ok());
  limits.Cancel();
  CHECK_EQ(list.Check().code(), Code::kCancelled);
}

}  // namespace
}  // namespace sockscope
