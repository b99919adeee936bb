#include "core/owners/known_owners.h"

#include <random>
#include <unordered_map>
#include <vector>

#include "test/check.h"

namespace sockscope {
namespace {

struct Found {
  uint32_t pid;
  uint32_t fd;
};

Found Look(KnownOwners* known, uint64_t cookie) {
  const uint32_t halves[] = {uint32_t(cookie), uint32_t(cookie >> 32)};
  Found found{};
  known->Find(halves, &found.pid, &found.fd);
  return found;
}

std::vector<KnownOwners::Slot> SweepAll(KnownOwners* known, size_t part) {
  std::vector<KnownOwners::Slot> freed;
  while (known->Sweep(part, &freed)) {}
  return freed;
}

TEST(known_owners_tell_what_they_learned) {
  KnownOwners known;
  CHECK_EQ(Look(&known, 5).pid, KnownOwners::kUnknown);
  known.Learn(5, 100, 7);
  known.Learn(uint64_t{5} << 32, KnownOwners::kNobody, 0);
  known.Learn(6, KnownOwners::kUnsettled, 0);
  known.Learn(5, 101, 8);
  CHECK_EQ(Look(&known, 5).pid, 101u);
  CHECK_EQ(Look(&known, 5).fd, 8u);
  CHECK_EQ(Look(&known, uint64_t{5} << 32).pid, KnownOwners::kNobody);
  CHECK_EQ(Look(&known, 6).pid, KnownOwners::kUnsettled);
  CHECK_EQ(known.size(), size_t{3});
}

TEST(known_owners_keep_nothing_for_cookie_zero) {
  KnownOwners known;
  known.Learn(0, 100, 7);
  known.Learn(1, 100, 7);
  CHECK_EQ(Look(&known, 0).pid, KnownOwners::kUnknown);
  CHECK_EQ(known.size(), size_t{1});
}

TEST(known_owners_sweep_gives_the_descriptors_of_what_was_not_seen) {
  KnownOwners known;
  known.Learn(1, 100, 3);
  known.Learn(2, 100, 4);
  known.Learn(3, KnownOwners::kNobody, 0);
  known.Learn(4, KnownOwners::kUnsettled, 0);
  known.BeginPoll();
  (void)Look(&known, 2);
  known.Learn(5, 200, 9);
  const auto freed = SweepAll(&known, 100);
  CHECK_EQ(freed.size(), size_t{1});
  CHECK_EQ(freed[0].pid, 100u);
  CHECK_EQ(freed[0].fd, 3u);
  CHECK_EQ(known.size(), size_t{2});
  CHECK_EQ(Look(&known, 1).pid, KnownOwners::kUnknown);
  CHECK_EQ(Look(&known, 2).fd, 4u);
  CHECK_EQ(Look(&known, 5).pid, 200u);
}

TEST(known_owners_forget_a_process) {
  KnownOwners known;
  for (uint64_t cookie = 1; cookie <= 3000; ++cookie) known.Learn(cookie, uint32_t(cookie % 7), uint32_t(cookie));
  const std::vector<uint32_t> pids = {2, 5};
  while (known.Forget(64, pids)) {}
  for (uint64_t cookie = 1; cookie <= 3000; ++cookie) {
    const uint32_t pid = uint32_t(cookie % 7);
    CHECK_EQ(Look(&known, cookie).pid, pid == 2 || pid == 5 ? KnownOwners::kUnknown : pid);
  }
}

// Against a map, over polls in which sockets come and go, with passes in parts of odd sizes.
TEST(known_owners_agree_with_a_map) {
  std::mt19937_64 random(20240);
  KnownOwners known;
  known.Reserve(500);
  std::unordered_map<uint64_t, uint32_t> truth;
  for (int poll = 0; poll < 40; ++poll) {
    known.BeginPoll();
    std::unordered_map<uint64_t, uint32_t> stay;
    for (const auto& [cookie, fd] : truth) {
      if (random() % 10 == 0) continue;
      CHECK_EQ(Look(&known, cookie).fd, fd);
      stay[cookie] = fd;
    }
    for (int i = 0; i < 200; ++i) {
      const uint64_t cookie = 1 + random() % 4096;
      const uint32_t fd = uint32_t(random() % 1000);
      known.Learn(cookie, 1 + fd, fd);
      stay[cookie] = fd;
    }
    (void)SweepAll(&known, 1 + random() % 300);
    truth = stay;
    CHECK_EQ(known.size(), truth.size());
  }
  for (uint64_t cookie = 1; cookie <= 4096; ++cookie) {
    const auto at = truth.find(cookie);
    CHECK_EQ(Look(&known, cookie).pid, at == truth.end() ? KnownOwners::kUnknown : at->second + 1);
  }
}

}  // namespace
}  // namespace sockscope
