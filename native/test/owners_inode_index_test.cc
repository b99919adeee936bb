#include "core/owners/inode_index.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "test/check.h"

namespace sockscope {
namespace {

using namespace test;
using Lists = std::vector<std::vector<Holder>>;

// What Find must say, found the slow way.
std::vector<Holder> Expected(const std::vector<Holder>& all, uint32_t inode, bool lowest) {
  std::vector<Holder> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found), [=](const Holder& h) { return h.inode == inode; });
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (lowest && !found.empty()) found.resize(1);
  return found;
}

std::vector<Holder> Found(const InodeIndex& index, uint32_t inode) {
  const auto found = index.Find(inode);
  return {found.begin(), found.end()};
}

TEST(index_of_nothing_finds_nothing) {
  for (const InodeIndex& index : {InodeIndex(), InodeIndex::Build({}, true), InodeIndex::Build(Lists(3), false)}) {
    CHECK_EQ(index.size(), size_t{0});
    CHECK(index.Find(0).empty());
    CHECK(index.Find(17).empty());
    uint32_t starts[3] = {9, 9, 9};
    std::vector<uint32_t> pids;
    std::vector<uint32_t> fds;
    index.FindAll(std::vector<uint32_t>{0, 17}, starts, &pids, &fds);
    CHECK_EQ(starts[0] + starts[1] + starts[2], 0u);
    CHECK(pids.empty() && fds.empty());
  }
}

TEST(inode_zero_is_nobodys_even_where_a_list_has_it) {
  const InodeIndex index = InodeIndex::Build({{{0, 5, 6}, {8, 5, 7}}}, false);
  CHECK(index.Find(0).empty());
  CHECK_EQ(index.Find(8).size(), size_t{1});
}

TEST(holders_come_by_pid_and_descriptor_and_once) {
  const Lists lists = {{{70, 9, 3}, {70, 4, 8}, {70, 9, 3}}, {}, {{70, 4, 8}, {70, 4, 2}, {71, 1, 1}}};
  const InodeIndex index = InodeIndex::Build(lists, false);
  CHECK_EQ(index.size(), size_t{4});
  CHECK(Found(index, 70) == (std::vector<Holder>{{70, 4, 2}, {70, 4, 8}, {70, 9, 3}}));
  CHECK(index.Find(72).empty());
}

TEST(lowest_is_the_lowest_pids_lowest_descriptor) {
  const InodeIndex index = InodeIndex::Build({{{70, 9, 1}, {70, 4, 8}}, {{70, 4, 2}, {71, 9, 1}}}, true);
  CHECK_EQ(index.size(), size_t{2});
  CHECK(Found(index, 70) == (std::vector<Holder>{{70, 4, 2}}));
  CHECK(Found(index, 71) == (std::vector<Holder>{{71, 9, 1}}));
}

TEST(index_agrees_with_a_search_through_all_holders) {
  std::mt19937 generator(20);
  const auto random = [&generator](uint32_t below) { return static_cast<uint32_t>(generator() % below); };
  for (const uint32_t spread : {1u, 4096u, 1u << 20}) {
    Lists lists(3);
    std::vector<Holder> all;
    for (int count = 0; count < 3000; ++count) {
      const Holder holder{1 + random(400) * spread, 1 + random(9), random(5)};
      lists[random(3)].push_back(holder);
      all.push_back(holder);
    }
    for (const bool lowest : {false, true}) {
      const InodeIndex index = InodeIndex::Build(lists, lowest);
      size_t holders = 0;
      for (uint32_t number = 0; number < 410; ++number) {
        const uint32_t inode = 1 + number * spread;
        const auto expected = Expected(all, inode, lowest);
        CHECK(Found(index, inode) == expected);
        holders += expected.size();
        if (spread > 1) CHECK(index.Find(inode + 1).empty());
      }
      CHECK_EQ(index.size(), holders);
      CHECK_EQ(index.holders().size(), holders);
    }
  }
}

TEST(find_all_appends_what_find_says) {
  std::vector<Holder> list;
  std::vector<uint32_t> inodes{0};
  for (uint32_t inode = 1; inode <= 300; ++inode) {
    inodes.push_back(inode * 11 % 301);
    for (uint32_t pid = 0; pid < inode % 4; ++pid) list.push_back({inode, pid + 1, inode});
  }
  const InodeIndex index = InodeIndex::Build({list}, false);
  std::vector<uint32_t> starts(inodes.size() + 1, 99);
  std::vector<uint32_t> pids{5, 5};
  std::vector<uint32_t> fds{6, 6};
  index.FindAll(inodes, starts.data(), &pids, &fds);
  CHECK_EQ(starts[0], 0u);
  for (size_t i = 0; i < inodes.size(); ++i) {
    const auto found = index.Find(inodes[i]);
    CHECK_EQ(size_t{starts[i + 1] - starts[i]}, found.size());
    for (size_t k = 0; k < found.size(); ++k) {
      CHECK_EQ(pids[2 + starts[i] + k], found[k].pid);
      CHECK_EQ(fds[2 + starts[i] + k], found[k].fd);
    }
  }
  CHECK_EQ(pids.size(), 2 + list.size());
  CHECK_EQ(fds[0] + fds[1], 12u);
}

// A server's children hold all of its sockets.
TEST(index_of_the_lowest_takes_no_place_for_the_others) {
  std::vector<Holder> list;
  for (uint32_t pid = 1; pid <= 64; ++pid) {
    for (uint32_t inode = 1; inode <= 1000; ++inode) list.push_back({inode, pid, inode});
  }
  const InodeIndex index = InodeIndex::Build({list}, true);
  CHECK_EQ(index.size(), size_t{1000});
  CHECK(index.bytes() <= 1000 * 28);
  for (uint32_t inode = 1; inode <= 1000; ++inode) CHECK(Found(index, inode) == (std::vector<Holder>{{inode, 1, inode}}));
}

TEST(index_of_scattered_inodes_takes_twenty_bytes_a_holder) {
  std::vector<Holder> list;
  for (uint32_t count = 0; count < 100'000; ++count) list.push_back({1 + count * 2654435761u, count, count});
  const InodeIndex index = InodeIndex::Build({list}, false);
  CHECK(index.bytes() <= list.size() * 20 + 8);
  for (uint32_t count = 1; count < 100'000; ++count) {
    CHECK(Found(index, 1 + count * 2654435761u) == (std::vector<Holder>{{1 + count * 2654435761u, count, count}}));
  }
}

}  // namespace
}  // namespace sockscope
