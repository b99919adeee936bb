#include "core/scan.h"

#include <cerrno>

#include "core/netlink/replay_transport.h"
#include "test/check.h"
#include "test/fixtures.h"
#include "test/recording_sink.h"

// What a scan asks and what it makes of the answers. Everything runs on one thread and on two.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

std::vector<Step> NumberedSteps(uint32_t count, uint32_t sequence = 1) {
  std::vector<Step> steps;
  for (Buffer& datagram : NumberedDatagrams(sequence, count)) steps.push_back(Step::Of(std::move(datagram)));
  steps.push_back(Step::Of(Done(sequence)));
  return steps;
}

uint16_t TypeOf(const Buffer& request) { return static_cast<uint16_t>(request[4] | request[5] << 8); }

TEST(scan_hands_over_every_row_in_order) {
  for (const int threads : {1, 2}) {
    for (const uint32_t count : {0u, 1u, 1024u, 1025u, 8192u, 8193u, 9216u, 9217u, 30'000u}) {
      RecordingSink sink;
      RunScan(&sink, TcpRequest(threads), NumberedSteps(count));
      CHECK(sink.end->ok());
      CHECK_EQ(sink.tally.rows, uint64_t{count});
      CHECK_EQ(sink.tally.threads, threads);
      const auto inodes = sink.Values<uint32_t>(Column::kInode);
      CHECK_EQ(inodes.size(), size_t{count});
      for (uint32_t row = 0; row < count; ++row) CHECK_EQ(inodes[row], row);
    }
  }
}

TEST(first_batch_is_small_and_all_others_are_full) {
  RecordingSink sink;
  RunScan(&sink, TcpRequest(), NumberedSteps(1024 + 8192 + 1));
  CHECK_EQ(sink.batches.size(), size_t{3});
  CHECK_EQ(sink.batches[0]->rows(), size_t{1024});
  CHECK_EQ(sink.batches[1]->rows(), kBatchRows);
  CHECK_EQ(sink.batches[2]->rows(), size_t{1});
}

TEST(empty_table_has_no_batch_and_one_end) {
  for (const int threads : {1, 2}) {
    RecordingSink sink;
    RunScan(&sink, TcpRequest(threads), {Step::Of(Done(1))});
    CHECK(sink.end->ok());
    CHECK(sink.batches.empty());
    CHECK_EQ(sink.ends, 1);
  }
}

TEST(socket_that_comes_twice_is_shown_once) {
  RecordingSink sink;
  Buffer changed = Listener4Body();
  changed[1] = 6;
  RunScan(&sink, TcpRequest(2),
          {Step::Of(Join({InetMessage(1, Listener4Body()), InetMessage(1, Established6Body())})),
           Step::Of(Join({InetMessage(1, changed), InetMessage(1, Established6Body()), Done(1)}))});
  CHECK_EQ(sink.tally.rows, uint64_t{2});
  CHECK_EQ(sink.tally.duplicates, uint64_t{2});
  CHECK(sink.Values<uint8_t>(Column::kState) == (std::vector<uint8_t>{10, 1}));
}

TEST(rows_without_cookie_are_all_shown) {
  Buffer body = Listener4Body();
  std::fill_n(body.begin() + 44, 8, uint8_t{0});
  RecordingSink sink;
  RunScan(&sink, TcpRequest(), {Step::Of(Join({InetMessage(1, body), InetMessage(1, body), Done(1)}))});
  CHECK_EQ(sink.tally.rows, uint64_t{2});
}

TEST(malformed_messages_are_counted_between_good_ones) {
  RecordingSink sink;
  RunScan(&sink, TcpRequest(),
          {Step::Of(Join({InetMessage(1, Listener4Body()), InetMessage(1, Buffer(40)),
                          InetMessage(1, Established6Body()), Done(1)}))});
  CHECK(sink.end->ok());
  CHECK_EQ(sink.tally.rows, uint64_t{2});
  CHECK_EQ(sink.tally.malformed, uint64_t{1});
}

TEST(tally_tells_what_was_ignored_and_interrupted) {
  RecordingSink sink;
  RunScan(&sink, TcpRequest(2),
          {Step::From(77, Done(1)), Step::Of(InetMessage(9, Listener4Body())),
           Step::Of(InetMessage(1, Listener4Body(), {}, 18, NLM_F_MULTI | NLM_F_DUMP_INTR)), Step::Of(Done(1))});
  CHECK(sink.end->ok());
  CHECK_EQ(sink.tally.foreign, uint64_t{1});
  CHECK_EQ(sink.tally.stale, uint64_t{1});
  CHECK(sink.tally.interrupted);
  CHECK_EQ(sink.tally.bytes, uint64_t{88 + 88 + 20});
}

TEST(rows_before_an_error_are_handed_over) {
  for (const int threads : {1, 2}) {
    const Buffer broken = Bytes().U32(15, "nlmsg_len").Zeros(12);
    RecordingSink sink;
    RunScan(&sink, TcpRequest(threads),
            {Step::Of(InetMessage(1, Listener4Body())), Step::Of(Join({InetMessage(1, Established6Body()), broken}))});
    CHECK_EQ(sink.end->code(), Code::kMalformed);
    CHECK_EQ(sink.rows(), size_t{2});
  }
}

TEST(truncated_datagram_keeps_its_whole_messages) {
  for (const int threads : {1, 2}) {
    RecordingSink sink;
    Bytes longer;
    for (uint32_t row = 0; row < 400; ++row) longer.Append(InetMessage(1, NumberedBody(row)));
    RunScan(&sink, TcpRequest(threads), {Step::Of(longer)});
    CHECK_EQ(sink.end->code(), Code::kTruncated);
    CHECK_EQ(sink.rows(), kReceiveBytes / 88);
  }
}

TEST(both_families_are_one_walk) {
  for (const uint16_t protocol : {6, 17, 136}) {
    ScanRequest request = TcpRequest();
    request.ip_protocol = protocol;
    request.protocol_attribute = true;
    std::vector<Buffer> sent;
    RecordingSink sink;
    RunScan(&sink, request, {Step::Of(Done(1))}, &sent);
    CHECK_EQ(sent.size(), size_t{1});
    CHECK_EQ(TypeOf(sent[0]), 18);
  }
}

TEST(kernel_that_ignores_the_protocol_attribute_is_asked_by_family) {
  ScanRequest request = TcpRequest();
  request.ip_protocol = 17;
  request.protocol_attribute = false;
  std::vector<Buffer> sent;
  RecordingSink sink;
  RunScan(&sink, request, {Step::Of(Done(1)), Step::Of(Done(2))}, &sent);
  CHECK_EQ(sent.size(), size_t{2});
  CHECK_EQ(TypeOf(sent[0]), 20);
  CHECK_EQ(sent[0][16], 2);
  CHECK_EQ(sent[1][16], 10);
}

TEST(one_family_is_asked_for_alone) {
  ScanRequest request = TcpRequest();
  request.inet = false;
  std::vector<Buffer> sent;
  RecordingSink sink;
  RunScan(&sink, request, {Step::Of(Join({InetMessage(1, Established6Body()), Done(1)}))}, &sent);
  CHECK_EQ(sent.size(), size_t{1});
  CHECK_EQ(TypeOf(sent[0]), 20);
  CHECK_EQ(sent[0][16], 10);
  CHECK_EQ(sink.tally.rows, uint64_t{1});
}

TEST(refused_walk_falls_back_to_one_dump_a_family) {
  for (const int threads : {1, 2}) {
    for (const Buffer& answer : {Error(1, -EINVAL), Error(1, -ENOENT), Done(1, -ENOENT)}) {
      std::vector<Buffer> sent;
      RecordingSink sink;
      RunScan(&sink, TcpRequest(threads),
              {Step::Of(answer), Step::Of(Join({InetMessage(2, Listener4Body()), Done(2)})),
               Step::Of(Join({InetMessage(3, Established6Body()), Done(3)}))},
              &sent);
      CHECK(sink.end->ok());
      CHECK_EQ(sent.size(), size_t{3});
      CHECK(sink.Values<uint8_t>(Column::kFamily) == (std::vector<uint8_t>{2, 10}));
    }
  }
}

TEST(error_after_rows_is_no_reason_to_begin_again) {
  std::vector<Buffer> sent;
  RecordingSink sink;
  RunScan(&sink, TcpRequest(), {Step::Of(InetMessage(1, Listener4Body())), Step::Of(Error(1, -EBUSY))}, &sent);
  CHECK_EQ(sink.end->code(), Code::kRefused);
  CHECK_EQ(sink.end->error_number(), EBUSY);
  CHECK_EQ(sent.size(), size_t{1});
  CHECK_EQ(sink.rows(), size_t{1});
}

TEST(protocol_without_a_handler_is_a_clean_answer) {
  ScanRequest request = TcpRequest();
  request.ip_protocol = 255;
  RecordingSink sink;
  RunScan(&sink, request, {Step::Of(Done(1, -ENOENT)), Step::Of(Done(2, -ENOENT))});
  CHECK_EQ(sink.end->code(), Code::kNotSupported);
  CHECK_EQ(sink.end->error_number(), ENOENT);
}

TEST(kernel_without_ipv6_still_shows_ipv4) {
  ScanRequest request = TcpRequest();
  request.ip_protocol = 255;
  RecordingSink sink;
  RunScan(&sink, request,
          {Step::Of(Join({InetMessage(1, Listener4Body()), Done(1)})), Step::Of(Error(2, -ENOENT))});
  CHECK(sink.end->ok());
  CHECK_EQ(sink.rows(), size_t{1});
}

TEST(protocol_without_a_place_in_the_schema_is_not_started) {
  ScanRequest request = TcpRequest();
  request.ip_protocol = 132;
  RecordingSink sink;
  Scan scan(std::make_unique<ScriptedTransport>(std::vector<Step>{}), request, &sink);
  CHECK_EQ(scan.Start().code(), Code::kNotSupported);
  CHECK_EQ(sink.ends, 0);
}

TEST(unix_scan) {
  RecordingSink sink;
  const Buffer message = NetlinkMessage(
      20, NLM_F_MULTI, 1, Bytes().Append(UnixListenerBody()).Attribute(0, Bytes().Text("/run/x")));
  RunScan(&sink, UnixScanRequest(2), {Step::Of(message), Step::Of(Done(1))});
  CHECK(sink.end->ok());
  CHECK_EQ(sink.batches.at(0)->heap_bytes(), size_t{6});
  CHECK_EQ(sink.Values<uint32_t>(Column::kInode).at(0), 7777u);
}

TEST(recorded_datagrams_are_replayed) {
  RecordingSink sink;
  Scan scan(std::make_unique<ReplayTransport>(std::vector<Buffer>{InetMessage(1, Listener4Body()), Done(1)}),
            TcpRequest(), &sink);
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK(sink.end->ok());
  CHECK_EQ(sink.rows(), size_t{1});
}

TEST(recording_that_stops_early_is_an_error) {
  RecordingSink sink;
  Scan scan(std::make_unique<ReplayTransport>(std::vector<Buffer>{InetMessage(1, Listener4Body())}), TcpRequest(),
            &sink);
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(sink.end->code(), Code::kSystem);
  CHECK_EQ(sink.end->error_number(), ENODATA);
}

}  // namespace
}  // namespace sockscope
