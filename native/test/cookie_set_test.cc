#include "core/cookie_set.h"

#include "test/check.h"

namespace sockscope {
namespace {

TEST(cookie_is_new_once) {
  CookieSet set;
  CHECK(set.Insert(5));
  CHECK(!set.Insert(5));
  CHECK(set.Insert(uint64_t{5} << 32));
  CHECK_EQ(set.size(), size_t{2});
}

TEST(cookie_zero_is_no_cookie) {
  CookieSet set;
  CHECK(set.Insert(0));
  CHECK(set.Insert(0));
  CHECK_EQ(set.size(), size_t{0});
}

TEST(cleared_cookie_set_has_forgotten_all) {
  CookieSet set;
  for (uint64_t number = 1; number <= 5000; ++number) set.Insert(number);
  set.Clear();
  CHECK_EQ(set.size(), size_t{0});
  CHECK(set.Insert(5));
  CHECK(!set.Insert(5));
}

// Neighbours share a word of the set; the last of one word and the first of the next do not.
TEST(neighbouring_cookies_are_told_apart) {
  CookieSet set;
  for (uint64_t cookie = 1; cookie <= 200; cookie += 2) CHECK(set.Insert(cookie));
  for (uint64_t cookie = 1; cookie <= 200; ++cookie) CHECK_EQ(set.Insert(cookie), cookie % 2 == 0);
  CHECK_EQ(set.size(), size_t{200});
}

// Back and forth between two words: what was found last is looked at first.
TEST(cookies_of_two_words_in_turn_are_told_apart) {
  CookieSet set;
  for (uint64_t cookie = 1; cookie < 64; ++cookie) {
    CHECK(set.Insert(cookie));
    CHECK(set.Insert(cookie << 40));
    CHECK(!set.Insert(cookie));
    CHECK(!set.Insert(cookie << 40));
  }
}

TEST(cookie_set_grows_and_forgets_none) {
  CookieSet set;
  const uint64_t steps[] = {1, uint64_t{1} << 20, uint64_t{1} << 32 | 1, 0x9e3779b97f4a7c15};
  for (const uint64_t step : steps) {
    for (uint64_t number = 1; number <= 50'000; ++number) set.Insert(number * step);
  }
  const size_t size = set.size();
  for (const uint64_t step : steps) {
    for (uint64_t number = 1; number <= 50'000; ++number) CHECK(!set.Insert(number * step));
  }
  CHECK_EQ(set.size(), size);
  CHECK(set.Insert(~uint64_t{0}));
}

}  // namespace
}  // namespace sockscope
