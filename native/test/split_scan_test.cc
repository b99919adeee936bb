#include <algorithm>
#include <cerrno>
#include <functional>
#include <semaphore>
#include <system_error>
#include <utility>

#include "core/scan.h"
#include "test/check.h"
#include "test/endless_transport.h"
#include "test/recording_sink.h"

// Scans by two dumps at once, over two scripts.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

const std::vector<uint8_t> kFirst(8, 1);
const std::vector<uint8_t> kSecond(8, 2);

ScanRequest SplitRequest() {
  ScanRequest request = TcpRequest(2);
  request.halves = {kFirst, kSecond};
  request.concurrent_dumps = true;
  return request;
}

OpenAnother Opening(std::vector<Step> steps, std::vector<Buffer>* sent = nullptr) {
  return [steps = std::move(steps), sent] { return std::make_unique<ScriptedTransport>(steps, sent); };
}

// `count` rows from `first` on, and the end.
std::vector<Step> Rows(uint32_t count, uint32_t first) {
  std::vector<Step> steps;
  for (Buffer& datagram : NumberedDatagrams(1, count, first)) steps.push_back(Step::Of(std::move(datagram)));
  steps.push_back(Step::Of(Done(1)));
  return steps;
}

struct Scripts {
  std::vector<Step> first;
  std::vector<Step> second;
  std::vector<Buffer> asked_first;
  std::vector<Buffer> asked_second;

  void Run(RecordingSink* sink, const ScanRequest& request, StartThread start_thread = {}) {
    Scan scan(std::make_unique<ScriptedTransport>(first, &asked_first), request, sink, std::move(start_thread),
              Opening(second, &asked_second));
    if (!scan.Start().ok()) throw std::runtime_error("the scan did not start");
    scan.Join();
  }
};

bool Holds(const Buffer& request, const std::vector<uint8_t>& program) {
  return std::search(request.begin(), request.end(), program.begin(), program.end()) != request.end();
}

TEST(both_halves_are_one_answer) {
  Scripts scripts{.first = Rows(20'000, 0), .second = Rows(30'000, 20'000), .asked_first = {}, .asked_second = {}};
  RecordingSink sink;
  scripts.Run(&sink, SplitRequest());
  CHECK(sink.end->ok());
  CHECK_EQ(sink.ends, 1);
  CHECK_EQ(sink.tally.rows, uint64_t{50'000});
  CHECK_EQ(sink.tally.threads, 2);
  auto inodes = sink.Values<uint32_t>(Column::kInode);
  std::sort(inodes.begin(), inodes.end());
  CHECK_EQ(inodes.size(), size_t{50'000});
  for (uint32_t row = 0; row < inodes.size(); ++row) CHECK_EQ(inodes[row], row);
  CHECK_EQ(scripts.asked_first.size(), size_t{1});
  CHECK_EQ(scripts.asked_second.size(), size_t{1});
  CHECK(Holds(scripts.asked_first[0], kFirst));
  CHECK(Holds(scripts.asked_second[0], kSecond));
}

TEST(what_both_halves_counted_is_added_up) {
  const auto half = [](uint32_t number) {
    const Buffer row = InetMessage(1, NumberedBody(number), {}, 18, NLM_F_MULTI);
    return std::vector<Step>{Step::From(77, Done(1)), Step::Of(Join({row, row, InetMessage(1, Buffer(40))})),
                             Step::Of(InetMessage(9, NumberedBody(5))), Step::Of(Done(1))};
  };
  Scripts scripts{.first = half(1), .second = half(2), .asked_first = {}, .asked_second = {}};
  scripts.second[1] = Step::Of(InetMessage(1, NumberedBody(2), {}, 18, NLM_F_MULTI | NLM_F_DUMP_INTR));
  RecordingSink sink;
  scripts.Run(&sink, SplitRequest());
  CHECK(sink.end->ok());
  CHECK_EQ(sink.tally.rows, uint64_t{2});
  CHECK_EQ(sink.tally.duplicates, uint64_t{1});
  CHECK_EQ(sink.tally.malformed, uint64_t{1});
  CHECK_EQ(sink.tally.foreign, uint64_t{2});
  CHECK_EQ(sink.tally.stale, uint64_t{2});
  CHECK(sink.tally.interrupted);
  CHECK_EQ(sink.tally.bytes, uint64_t{(88 + 88 + 56 + 88 + 20) + (88 + 88 + 20)});
}

TEST(half_that_fails_ends_the_other_one) {
  const Status refused = Status::FromErrno("recvmsg", ENOBUFS);
  for (const bool first_fails : {true, false}) {
    Scripts scripts{.first = RowsThen(Step::Waits()), .second = RowsThen(Step::Waits()), .asked_first = {}, .asked_second = {}};
    (first_fails ? scripts.first : scripts.second).back() = Step::Fails(refused);
    RecordingSink sink;
    scripts.Run(&sink, SplitRequest());
    CHECK_EQ(sink.ends, 1);
    CHECK_EQ(sink.end->code(), Code::kSystem);
    CHECK_EQ(sink.end->error_number(), ENOBUFS);
  }
}

TEST(cancel_in_the_middle_of_both_ends_both) {
  std::counting_semaphore<2> waiting{0};
  const auto wait = [&waiting] { waiting.release(); };
  RecordingSink sink;
  Scan scan(Script(RowsThen(Step::Waits(wait))), SplitRequest(), &sink, {}, Opening(RowsThen(Step::Waits(wait))));
  CHECK(scan.Start().ok());
  waiting.acquire();
  waiting.acquire();
  scan.Cancel();
  scan.Join();
  CHECK_EQ(sink.end->code(), Code::kCancelled);
  CHECK_EQ(sink.ends, 1);
}

TEST(cancel_before_there_are_two_ends_the_scan) {
  RecordingSink sink;
  Scan* running = nullptr;
  const OpenAnother cancelling = [&running] {
    running->Cancel();
    return Script(RowsThen(Step::Waits()));
  };
  Scan scan(Script(RowsThen(Step::Waits())), SplitRequest(), &sink, {}, cancelling);
  running = &scan;
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(sink.end->code(), Code::kCancelled);
  CHECK(sink.batches.empty());
}

TEST(sink_that_takes_no_more_ends_both_with_its_words) {
  RecordingSink sink;
  sink.on_batch = [] { return Status::From(Code::kTooLarge, "queue"); };
  Scan scan(std::make_unique<EndlessTransport>(), SplitRequest(), &sink, {},
            [] { return std::make_unique<EndlessTransport>(); });
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(sink.end->code(), Code::kTooLarge);
  CHECK_EQ(sink.ends, 1);
}

TEST(second_thread_refused_leaves_one_for_both_halves) {
  RecordingSink sink;
  Scripts scripts{.first = Rows(400, 0), .second = Rows(500, 400), .asked_first = {}, .asked_second = {}};
  int granted = 1;
  scripts.Run(&sink, SplitRequest(), [&granted](std::function<void()> body) {
    if (granted-- == 0) throw std::system_error(EAGAIN, std::generic_category());
    return std::thread(std::move(body));
  });
  CHECK(sink.end->ok());
  CHECK_EQ(sink.ends, 1);
  CHECK_EQ(sink.tally.threads, 1);
  CHECK_EQ(sink.tally.rows, uint64_t{900});
}

TEST(without_a_second_transport_there_is_one_dump_of_all) {
  RecordingSink sink;
  std::vector<Buffer> asked;
  Scan scan(std::make_unique<ScriptedTransport>(Rows(300, 0), &asked), SplitRequest(), &sink, {},
            [] { return std::unique_ptr<Transport>(); });
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK(sink.end->ok());
  CHECK_EQ(sink.tally.rows, uint64_t{300});
  CHECK(!Holds(asked.at(0), kFirst));
}

TEST(no_memory_for_a_second_transport_is_the_end) {
  RecordingSink sink;
  Scan scan(Script(Rows(300, 0)), SplitRequest(), &sink, {},
            []() -> std::unique_ptr<Transport> { throw std::bad_alloc(); });
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(sink.end->code(), Code::kNoMemory);
  CHECK_EQ(sink.ends, 1);
}

// One thread, a kernel that makes dumps wait for one another, another table, no programs.
TEST(scan_that_is_not_to_be_split_opens_no_second_transport) {
  std::vector<ScanRequest> requests(4, SplitRequest());
  requests[0].threads = 1;
  requests[1].concurrent_dumps = false;
  requests[2].kind = ScanRequest::Kind::kUnix;
  requests[3].halves = {};
  for (const ScanRequest& request : requests) {
    RecordingSink sink;
    bool opened = false;
    Scan scan(Script({Step::Of(Done(1))}), request, &sink, {}, [&opened] {
      opened = true;
      return std::unique_ptr<Transport>();
    });
    CHECK(scan.Start().ok());
    scan.Join();
    CHECK(sink.end->ok());
    CHECK(!opened);
  }
}

}  // namespace
}  // namespace sockscope
