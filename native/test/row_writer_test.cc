#include "core/row_writer.h"

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

}  // namespace
}  // namespace sockscope
