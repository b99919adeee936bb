#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <new>
#include <semaphore>
#include <system_error>
#include <thread>
#include <utility>

#include "core/scan.h"
#include "test/check.h"
#include "test/fixtures.h"
#include "test/recording_sink.h"

// Threads that are refused, cancelled, out of memory, or too slow.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

std::vector<Step> RowsThen(Step last, uint32_t rows = 400) {
  std::vector<Step> steps;
  for (Buffer& datagram : NumberedDatagrams(1, rows)) steps.push_back(Step::Of(std::move(datagram)));
  steps.push_back(std::move(last));
  return steps;
}

std::unique_ptr<Transport> Script(std::vector<Step> steps) {
  return std::make_unique<ScriptedTransport>(std::move(steps));
}

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

TEST(second_thread_refused_leaves_one_that_does_both) {
  RecordingSink sink;
  Scan scan(Script(RowsThen(Step::Of(Done(1)))), TcpRequest(2), &sink, Granting(1));
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK(sink.end->ok());
  CHECK_EQ(sink.tally.threads, 1);
  CHECK_EQ(sink.tally.rows, uint64_t{400});
}

TEST(cancel_ends_a_dump_that_waits_for_the_kernel) {
  for (const int threads : {1, 2}) {
    RecordingSink sink;
    Scan scan(Script(RowsThen(Step::Waits())), TcpRequest(threads), &sink);
    CHECK(scan.Start().ok());
    scan.Cancel();
    scan.Cancel();
    scan.Join();
    CHECK_EQ(sink.end->code(), Code::kCancelled);
    CHECK_EQ(sink.ends, 1);
  }
}

TEST(cancel_from_inside_the_sink_ends_the_dump) {
  for (const int threads : {1, 2}) {
    RecordingSink sink;
    Scan scan(Script(RowsThen(Step::Waits(), 20'000)), TcpRequest(threads), &sink);
    sink.on_batch = [&scan] {
      scan.Cancel();
      return Status::Ok();
    };
    CHECK(scan.Start().ok());
    scan.Join();
    CHECK_EQ(sink.end->code(), Code::kCancelled);
    CHECK_EQ(sink.batches.size(), size_t{1});
  }
}

TEST(destructor_ends_a_dump) {
  for (const int threads : {1, 2}) {
    RecordingSink sink;
    {
      Scan scan(Script(RowsThen(Step::Waits())), TcpRequest(threads), &sink);
      CHECK(scan.Start().ok());
    }
    CHECK_EQ(sink.end->code(), Code::kCancelled);
  }
}

TEST(cancel_after_the_end_changes_nothing) {
  RecordingSink sink;
  Scan scan(Script(RowsThen(Step::Of(Done(1)))), TcpRequest(), &sink);
  CHECK(scan.Start().ok());
  scan.Join();
  scan.Cancel();
  scan.Join();
  CHECK(sink.end->ok());
  CHECK_EQ(sink.ends, 1);
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
  }
}

// Sends the same rows for ever; they have no cookie, so that none is a duplicate.
class EndlessTransport final : public Transport {
 public:
  EndlessTransport() {
    Buffer body = NumberedBody(0);
    std::fill_n(body.begin() + 44, 8, uint8_t{0});
    for (int row = 0; row < 300; ++row) datagram_.Append(InetMessage(1, body));
  }
  Status Send(std::span<const uint8_t>) override { return Status::Ok(); }
  Status Receive(std::span<uint8_t> into, Datagram* out) override {
    if (cancelled_) return Status::From(Code::kCancelled, "endless");
    const Buffer& bytes = datagram_.buffer();
    std::copy(bytes.begin(), bytes.end(), into.begin());
    *out = Datagram{.length = bytes.size()};
    return Status::Ok();
  }
  void Cancel() override { cancelled_ = true; }

 private:
  Bytes datagram_;
  std::atomic<bool> cancelled_{false};
};

TEST(more_waiting_between_the_threads_than_allowed_is_too_large) {
  RecordingSink sink;
  sink.on_batch = [&sink] {
    sink.batches.clear();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return Status::Ok();
  };
  ScanRequest request = TcpRequest(2);
  request.max_bytes = 1;
  Scan scan(std::make_unique<EndlessTransport>(), request, &sink);
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(sink.end->code(), Code::kTooLarge);
}

TEST(endless_dump_can_be_cancelled) {
  for (const int threads : {1, 2}) {
    RecordingSink sink;
    std::binary_semaphore began{0};
    sink.on_batch = [&, first = true]() mutable {
      sink.batches.clear();
      if (std::exchange(first, false)) began.release();
      return Status::Ok();
    };
    Scan scan(std::make_unique<EndlessTransport>(), TcpRequest(threads), &sink);
    CHECK(scan.Start().ok());
    began.acquire();
    scan.Cancel();
    scan.Join();
    CHECK_EQ(sink.end->code(), Code::kCancelled);
  }
}

}  // namespace
}  // namespace sockscope
