#include "core/names/host_lookup.h"

#include <atomic>
#include <cerrno>
#include <memory>
#include <new>
#include <semaphore>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "core/names/system_host.h"
#include "test/check.h"

// Look-ups of hosts with a finder of the test's: slow, failing, stuck.
namespace sockscope {
namespace {

using namespace test;

HostAddress Address(uint8_t last) {
  HostAddress address;
  address.family = 2;
  address.bytes[15] = last;
  return address;
}

std::vector<HostAddress> Addresses(int count) {
  std::vector<HostAddress> addresses;
  for (int i = 0; i < count; ++i) addresses.push_back(Address(uint8_t(i)));
  return addresses;
}

// Waits for a number of answers, as a JavaScript thread that is woken would.
class Waiter {
 public:
  std::function<void()> wake() {
    return [woken = woken_] { woken->release(); };
  }
  std::list<HostAnswer> Take(HostLookup* lookup, size_t count) {
    std::list<HostAnswer> all;
    while (all.size() < count) {
      woken_->acquire();
      ++wakes;
      all.splice(all.end(), lookup->Take());
    }
    return all;
  }

  int wakes = 0;

 private:
  // Shared: a thread may still be in it when this is gone.
  std::shared_ptr<std::counting_semaphore<>> woken_ = std::make_shared<std::counting_semaphore<>>(0);
};

HostName Number(const HostAddress& address) { return std::to_string(address.bytes[15]); }

// Whether the threads that hold a copy of what `watched` points to have ended; waits for that.
void WaitUntilAlone(const std::shared_ptr<int>& watched) {
  for (int turn = 0; turn < 10'000 && watched.use_count() > 1; ++turn) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK_EQ(watched.use_count(), 1L);
}

TEST(every_host_is_told_of_once) {
  for (const int threads : {1, 3, 32}) {
    Waiter waiter;
    HostLookup lookup(Number, threads, waiter.wake());
    lookup.Ask(Addresses(100));
    lookup.Ask({});
    std::set<std::string> names;
    for (const HostAnswer& answer : waiter.Take(&lookup, 100)) {
      CHECK_EQ(*answer.name, std::to_string(answer.address.bytes[15]));
      CHECK_EQ(answer.address.family, uint8_t{2});
      names.insert(*answer.name);
    }
    CHECK_EQ(names.size(), size_t{100});
    CHECK(lookup.Take().empty());
  }
}

TEST(hosts_are_asked_for_in_turn_by_one_thread) {
  Waiter waiter;
  HostLookup lookup(Number, 1, waiter.wake());
  lookup.Ask(Addresses(20));
  int next = 0;
  for (const HostAnswer& answer : waiter.Take(&lookup, 20)) CHECK_EQ(answer.address.bytes[15], next++);
}

TEST(host_without_name_and_host_whose_look_up_throws_are_told_apart) {
  Waiter waiter;
  const auto find = [](const HostAddress& address) -> HostName {
    switch (address.bytes[15]) {
      case 0: return std::nullopt;
      case 1: throw std::bad_alloc();
      case 2: throw 7;
      default: return std::string();
    }
  };
  HostLookup lookup(find, 1, waiter.wake());
  lookup.Ask(Addresses(4));
  int named = 0;
  for (const HostAnswer& answer : waiter.Take(&lookup, 4)) {
    CHECK_EQ(answer.asked, answer.address.bytes[15] == 0 || answer.address.bytes[15] == 3);
    if (!answer.name) continue;
    CHECK_EQ(answer.address.bytes[15], 3);
    CHECK_EQ(*answer.name, "");
    ++named;
  }
  CHECK_EQ(named, 1);
}

TEST(as_many_hosts_are_looked_up_at_a_time_as_threads_are_allowed) {
  Waiter waiter;
  std::counting_semaphore<> go(0);
  std::counting_semaphore<> arrived(0);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  const auto find = [&](const HostAddress&) -> HostName {
    const int now = ++inside;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    arrived.release();
    go.acquire();
    --inside;
    return std::nullopt;
  };
  HostLookup lookup(find, 5, waiter.wake());
  lookup.Ask(Addresses(3));
  lookup.Ask(Addresses(17));
  for (int i = 0; i < 5; ++i) arrived.acquire();
  CHECK_EQ(most.load(), 5);
  go.release(20);
  waiter.Take(&lookup, 20);
  CHECK_EQ(most.load(), 5);
}

TEST(threads_end_when_nothing_waits_and_start_again) {
  Waiter waiter;
  const auto watched = std::make_shared<int>(0);
  int started = 0;
  const auto start = [&started, watched](std::function<void()> body) {
    ++started;
    std::thread([watched, body = std::move(body)] { body(); }).detach();
  };
  {
    HostLookup lookup(Number, 4, waiter.wake(), start);
    CHECK_EQ(started, 0);
    for (int round = 1; round <= 3; ++round) {
      lookup.Ask(Addresses(2));
      waiter.Take(&lookup, 2);
      for (int turn = 0; turn < 10'000 && watched.use_count() > 2 + 1; ++turn) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      CHECK_EQ(started, 2 * round);
    }
  }
}

TEST(no_thread_is_started_for_what_starting_ones_will_take) {
  Waiter waiter;
  std::vector<std::function<void()>> bodies;
  {
    HostLookup lookup(Number, 8, waiter.wake(), [&bodies](std::function<void()> body) { bodies.push_back(body); });
    lookup.Ask(Addresses(2));
    lookup.Ask(Addresses(1));
    lookup.Ask(Addresses(3));
    CHECK_EQ(bodies.size(), size_t{6});
    lookup.Ask(Addresses(30));
    CHECK_EQ(bodies.size(), size_t{8});
    for (const auto& body : bodies) body();
    CHECK_EQ(waiter.Take(&lookup, 36).size(), size_t{36});
    bodies.clear();
    lookup.Ask(Addresses(1));
    CHECK_EQ(bodies.size(), size_t{1});
  }
}

TEST(closing_does_not_wait_for_a_stuck_look_up_and_nobody_is_woken_after_it) {
  const auto watched = std::make_shared<int>(0);
  std::counting_semaphore<> go(0);
  std::counting_semaphore<> arrived(0);
  std::atomic<int> found{0};
  bool closed = false;   // not atomic: a call after Close would be a data race as well
  {
    const auto find = [&, watched](const HostAddress&) -> HostName {
      arrived.release();
      go.acquire();
      ++found;
      return "too late";
    };
    HostLookup lookup(find, 2, [&closed] { CHECK(!closed); });
    lookup.Ask(Addresses(10));
    arrived.acquire();
    arrived.acquire();
    lookup.Close();
    lookup.Close();
    closed = true;
    CHECK(lookup.Take().empty());
    lookup.Ask(Addresses(10));
    CHECK(lookup.Take().empty());
  }
  go.release(2);
  WaitUntilAlone(watched);
  CHECK_EQ(found.load(), 2);   // what waited was dropped
}

TEST(destructor_closes_while_answers_come) {
  const auto watched = std::make_shared<int>(0);
  for (int round = 0; round < 200; ++round) {
    auto alive = std::make_unique<int>(0);
    {
      const auto find = [watched](const HostAddress& address) { return Number(address); };
      HostLookup lookup(find, 4, [where = alive.get()] { ++*where; });
      lookup.Ask(Addresses(8));
      if (round % 2 == 0) lookup.Take();
    }
    alive.reset();   // a later wake would write to it
  }
  WaitUntilAlone(watched);
}

// Grants `granted` threads and refuses the others, as a pids limit does.
StartDetached Granting(int granted) {
  return [left = std::make_shared<int>(granted)](std::function<void()> body) {
    if ((*left)-- <= 0) throw std::system_error(EAGAIN, std::generic_category());
    std::thread(std::move(body)).detach();
  };
}

TEST(without_a_thread_no_host_is_asked_for) {
  Waiter waiter;
  HostLookup lookup(Number, 4, waiter.wake(), Granting(0));
  for (int round = 0; round < 2; ++round) {
    lookup.Ask(Addresses(9));
    const auto answers = waiter.Take(&lookup, 9);
    CHECK_EQ(answers.size(), size_t{9});
    for (const HostAnswer& answer : answers) CHECK(!answer.name && !answer.asked);
  }
  CHECK_EQ(waiter.wakes, 2);
}

TEST(refused_threads_leave_look_ups_with_fewer) {
  for (const int granted : {1, 2}) {
    Waiter waiter;
    std::counting_semaphore<> go(0);
    const auto find = [&go](const HostAddress& address) {
      go.acquire();
      return Number(address);
    };
    HostLookup lookup(find, 4, waiter.wake(), Granting(granted));
    lookup.Ask(Addresses(9));
    go.release(9);
    for (const HostAnswer& answer : waiter.Take(&lookup, 9)) CHECK(answer.name.has_value());
  }
}

// The file of hosts knows it, so that no name server is asked.
TEST(system_knows_the_loopback_or_nothing) {
  HostAddress address = Address(1);
  address.bytes[10] = address.bytes[11] = 0xff;
  address.bytes[12] = 127;
  const HostName name = FindSystemHost(address);
  if (name) CHECK(name->find('\0') == std::string::npos);
}

}  // namespace
}  // namespace sockscope
