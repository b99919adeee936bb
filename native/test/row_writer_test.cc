#include "core/row_writer.h"

#include <cstring>
#include <utility>
#include <vector>

#include "core/diag/inet.h"
#include "test/check.h"
#include "test/fixtures.h"
#include "test/recording_sink.h"

namespace sockscope {
namespace {

using namespace test;

RowWriter WriterTo(RecordingSink* sink) {
  const InetQuery query{.ip_protocol = 6, .inet = true, .inet6 = true};
  return RowWriter(std::make_unique<InetDecoder>(query), kAllColumns, sink);
}

TEST(rows_of_another_dump_in_the_same_datagram_are_left_out) {
  RecordingSink sink;
  RowWriter writer = WriterTo(&sink);
  const Buffer mixed = Join({InetMessage(9, Established6Body()), InetMessage(1, Listener4Body()), Done(1)});
  CHECK(writer.Write(mixed, 1).ok());
  CHECK(writer.Flush().ok());
  CHECK(sink.Values<uint8_t>(Column::kFamily) == std::vector<uint8_t>{2});
}

TEST(released_writer_hands_over_nothing_and_keeps_its_counts) {
  RecordingSink sink;
  RowWriter writer = WriterTo(&sink);
  const Buffer row = InetMessage(1, Listener4Body());
  CHECK(writer.Write(Join({row, row, InetMessage(1, {})}), 1).ok());
  writer.Release();
  CHECK(writer.Flush().ok());
  CHECK(sink.batches.empty());
  CHECK_EQ(writer.duplicates(), uint64_t{1});
  CHECK_EQ(writer.malformed(), uint64_t{1});
}

// Gives its first full batch back once it has three.
struct ReturningSink final : BatchSink {
  std::vector<std::unique_ptr<Batch>> batches;
  const Batch* given_back = nullptr;

  Status OnBatch(std::unique_ptr<Batch> batch) override {
    batches.push_back(std::move(batch));
    return Status::Ok();
  }
  std::unique_ptr<Batch> GiveBack() override {
    if (batches.size() < 3) return nullptr;
    given_back = batches[1].get();
    return std::move(batches[1]);
  }
  void OnEnd(const Status&, const ScanTally&) override {}
};

TEST(batch_that_comes_back_is_filled_anew) {
  constexpr uint32_t kBefore = 1024 + 2 * kBatchRows;
  ReturningSink sink;
  const InetQuery query{.ip_protocol = 6, .inet = true, .inet6 = true};
  RowWriter writer(std::make_unique<InetDecoder>(query), kAllColumns, &sink);
  for (const Buffer& datagram : NumberedDatagrams(1, kBefore + 100)) CHECK(writer.Write(datagram, 1).ok());
  CHECK(writer.Flush().ok());
  CHECK_EQ(writer.rows(), uint64_t{kBefore + 100});
  const Batch& last = *sink.batches.back();
  CHECK(&last == sink.given_back);
  CHECK_EQ(last.rows(), size_t{100});
  uint32_t inodes[100];
  std::memcpy(inodes, last.values(Column::kInode), sizeof(inodes));
  for (uint32_t row = 0; row < 100; ++row) CHECK_EQ(inodes[row], kBefore + row);
}

}  // namespace
}  // namespace sockscope
