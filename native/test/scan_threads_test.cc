#include <algorithm>
#include <cerrno>
#include <chrono>
#include <new>
#include <semaphore>
#include <system_error>
#include <thread>
#include <utility>

#include "core/scan.h"
#include "test/check.h"
#include "test/endless_transport.h"
#include "test/fixtures.h"
#include "test/recording_sink.h"

// Threads that are refused, out of memory, or too slow.
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

TEST(no_thread_at_all_is_an_error_of_start) {
  RecordingSink sink;
  Scan scan(Script(RowsThen(Step::Of(Done(1)))), TcpRequest(2), &sink, Granting(0));
  const Status started = scan.Start();
  CHECK_EQ(started.code(), Code::kNoThread);
  CHECK_EQ(started.error_number(), EAGAIN);
  scan.Cancel();
  scan.Join();
  CHECK_EQ(sink.ends, 0);
}

// As where the kernel still counts a thread that was joined a moment ago.
TEST(a_thread_that_is_refused_once_is_asked_for_again) {
  RecordingSink sink;
  int refusals = 2;
  const StartThread start = [&refusals](std::function<void()> body) {
    if (refusals-- > 0) throw std::system_error(EAGAIN, std::generic_category());
    return std::thread(std::move(body));
  };
  Scan scan(Script(RowsThen(Step::Of(Done(1)))), TcpRequest(1), &sink, start);
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(sink.ends, 1);
}

TEST(second_thread_refused_leaves_one_that_does_both) {
  RecordingSink sink;
  Scan scan(Script(RowsThen(Step::Of(Done(1)))), TcpRequest(2), &sink, Granting(1));
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK(sink.end->ok());
  CHECK_EQ(sink.tally.threads, 1);
  CHECK_EQ(sink.tally.rows, uint64_t{400});
}

TEST(scan_that_was_never_started_is_destroyed_quietly) {
  RecordingSink sink;
  { Scan scan(Script({}), TcpRequest(2), &sink); }
  CHECK_EQ(sink.ends, 0);
}

TEST(what_the_sink_refuses_ends_the_scan_with_its_words) {
  for (const int threads : {1, 2}) {
    RecordingSink sink;
    sink.on_batch = [] { return Status::From(Code::kTooLarge, "batches"); };
    Scan scan(Script(RowsThen(Step::Waits(), 20'000)), TcpRequest(threads), &sink);
    CHECK(scan.Start().ok());
    scan.Join();
    CHECK_EQ(sink.end->code(), Code::kTooLarge);
    CHECK_EQ(std::string_view(sink.end->operation()), "batches");
    CHECK_EQ(sink.batches.size(), size_t{1});
  }
}

TEST(memory_that_is_refused_ends_the_scan) {
  for (const int threads : {1, 2}) {
    RecordingSink decoding;
    decoding.on_batch = []() -> Status { throw std::bad_alloc(); };
    RunScan(&decoding, TcpRequest(threads), RowsThen(Step::Of(Done(1)), 20'000));
    CHECK_EQ(decoding.end->code(), Code::kNoMemory);

    RecordingSink receiving;
    RunScan(&receiving, TcpRequest(threads), RowsThen(Step::OutOfMemory()));
    CHECK_EQ(receiving.end->code(), Code::kNoMemory);
  }
}

TEST(whatever_the_sink_throws_stays_in_the_scan) {
  for (const int threads : {1, 2}) {
    RecordingSink sink;
    sink.on_batch = []() -> Status { throw 7; };
    RunScan(&sink, TcpRequest(threads), RowsThen(Step::Of(Done(1))));
    CHECK_EQ(sink.end->code(), Code::kSystem);
    sink.on_batch = []() -> Status { throw std::system_error(EDEADLK, std::generic_category()); };
    RunScan(&sink, TcpRequest(threads), RowsThen(Step::Of(Done(1))));
    CHECK_EQ(sink.end->code(), Code::kSystem);
    CHECK_EQ(sink.end->error_number(), EDEADLK);
  }
}

TEST(more_waiting_between_the_threads_than_allowed_is_too_large) {
  RecordingSink sink;
  std::binary_semaphore began{0};
  std::vector<size_t> rows;
  sink.on_batch = [&] {
    rows.push_back(sink.batches.back()->rows());
    sink.batches.clear();
    if (rows.size() == 1) began.release();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return Status::Ok();
  };
  ScanRequest request = TcpRequest(2);
  request.max_bytes = 1;
  Scan scan(std::make_unique<EndlessTransport>([&began](int number) { if (number == 16) began.acquire(); }), request,
            &sink);
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(sink.end->code(), Code::kTooLarge);
  // What was full before is there; what waited is not decoded any more.
  CHECK_EQ(rows.at(0), size_t{1024});
  CHECK_EQ(std::count(rows.begin() + 1, rows.end(), kBatchRows), std::ptrdiff_t(rows.size() - 1));
}

}  // namespace
}  // namespace sockscope
