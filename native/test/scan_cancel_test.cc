#include <semaphore>
#include <utility>

#include "core/scan.h"
#include "test/check.h"
#include "test/endless_transport.h"
#include "test/recording_sink.h"

// Scans that are told to end.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

TEST(cancel_ends_a_dump_that_waits_for_the_kernel) {
  for (const int threads : {1, 2}) {
    RecordingSink sink;
    std::binary_semaphore waits{0};
    Scan scan(Script(RowsThen(Step::Waits([&waits] { waits.release(); }))), TcpRequest(threads), &sink);
    CHECK(scan.Start().ok());
    waits.acquire();
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

// The transport stops a cancelled scan in most cases; the scan must not depend on it.
TEST(cancelled_scan_takes_nothing_more_from_a_transport_that_goes_on) {
  RecordingSink sink;
  Scan scan(std::make_unique<DeafTransport>(RowsThen(Step::Of(Done(1)), 20'000)), TcpRequest(), &sink);
  sink.on_batch = [&scan] {
    scan.Cancel();
    return Status::Ok();
  };
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(sink.end->code(), Code::kCancelled);
  CHECK_EQ(sink.batches.size(), size_t{1});
}

TEST(cancelled_scan_leaves_what_its_decoder_has_taken) {
  RecordingSink sink;
  std::binary_semaphore received{0};
  Step done = Step::Of(Done(1));
  done.before = [&received] { received.release(); };
  Scan scan(std::make_unique<DeafTransport>(RowsThen(std::move(done), 20'000)), TcpRequest(2), &sink);
  sink.on_batch = [&] {
    // All the rows have been received when the second of three batches is filled.
    if (sink.batches.size() == 1) received.acquire();
    else scan.Cancel();
    return Status::Ok();
  };
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(sink.end->code(), Code::kCancelled);
  CHECK_EQ(sink.batches.size(), size_t{2});
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
