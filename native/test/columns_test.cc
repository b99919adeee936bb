#include "core/columns.h"

#include <cstring>
#include <string_view>

#include "core/socket_row.h"
#include "test/check.h"
#include "test/wire.h"

namespace sockscope {
namespace {

SocketRow NumberedRow(uint32_t number, std::span<const uint8_t> path = {}) {
  SocketRow row;
  row.state = static_cast<uint8_t>(number);
  row.local_port = static_cast<uint16_t>(number);
  row.inode = number;
  row.cookie[0] = number;
  row.cookie[1] = ~number;
  row.path = path;
  return row;
}

test::Buffer Flat(const Batch& batch) {
  test::Buffer flat(batch.ByteLength(), 0xee);
  batch.CopyTo(flat.data());
  return flat;
}

std::span<const uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

TEST(schema_is_the_one_of_the_typescript_side) {
  CHECK_EQ(kColumnCount, size_t{22});
  CHECK_EQ(std::string_view(kColumnSpecs[0].name), "protocol");
  CHECK_EQ(std::string_view(kColumnSpecs[static_cast<size_t>(Column::kPath)].name), "path");
  CHECK_EQ(std::string_view(kColumnSpecs[kColumnCount - 1].name), "unixFlags");
  size_t width = 0;
  for (const ColumnSpec& spec : kColumnSpecs) width += spec.width;
  CHECK_EQ(width, size_t{7 + 4 + 32 + 4 + 5 * 4 + 8 + 4 + 3 * 4});
}

TEST(layout_puts_each_column_at_a_multiple_of_eight_and_the_heap_last) {
  const Layout layout = LayoutOf(3, Bit(Column::kState) | Bit(Column::kLocalPort) | Bit(Column::kPath), 5);
  CHECK_EQ(layout.offsets[static_cast<size_t>(Column::kProtocol)], Layout::kNotCarried);
  CHECK_EQ(layout.offsets[static_cast<size_t>(Column::kState)], size_t{0});
  CHECK_EQ(layout.offsets[static_cast<size_t>(Column::kLocalPort)], size_t{8});
  CHECK_EQ(layout.offsets[static_cast<size_t>(Column::kPath)], size_t{16});
  CHECK_EQ(layout.heap_offset, size_t{32});
  CHECK_EQ(layout.byte_length, size_t{37});
}

TEST(copy_holds_the_columns_in_order_with_zeros_between) {
  Batch batch(Bit(Column::kState) | Bit(Column::kInode) | Bit(Column::kCookie) | Bit(Column::kPath));
  batch.Append(NumberedRow(1, AsBytes("/a")));
  batch.Append(NumberedRow(2));
  batch.Append(NumberedRow(3, AsBytes(std::string_view("\0bc", 3))));
  const test::Buffer expected = test::Bytes()
      .All({1, 2, 3}, "state").Zeros(5)
      .U32(1, "inode").U32(2).U32(3).Zeros(4)
      .U32(1, "cookie").U32(~1u).U32(2).U32(~2u).U32(3).U32(~3u)
      .U32(0, "path offsets").U32(2).U32(2).U32(5)
      .All({'/', 'a', 0, 'b', 'c'}, "heap");
  CHECK(Flat(batch) == expected);
}

TEST(copy_of_every_column_lies_where_the_layout_says) {
  Batch batch(kAllColumns);
  for (uint32_t number = 0; number < 1000; ++number) batch.Append(NumberedRow(number, AsBytes("/run/x")));
  const Layout layout = LayoutOf(1000, kAllColumns, 6000);
  CHECK_EQ(batch.ByteLength(), layout.byte_length);
  const test::Buffer flat = Flat(batch);
  for (size_t column = 0; column < kColumnCount; ++column) {
    const uint8_t* values = batch.values(static_cast<Column>(column));
    CHECK(std::memcmp(flat.data() + layout.offsets[column], values, 1000 * kColumnSpecs[column].width) == 0);
  }
  CHECK(std::memcmp(flat.data() + layout.heap_offset, "/run/x/run/x", 12) == 0);
}

TEST(batch_without_rows_or_columns) {
  CHECK_EQ(Batch(0).ByteLength(), size_t{0});
  CHECK(Flat(Batch(Bit(Column::kPath))) == test::Buffer(8, 0));
}

TEST(batch_is_full_by_rows) {
  Batch batch(Bit(Column::kInode));
  for (uint32_t number = 0; number < kBatchRows; ++number) {
    CHECK(!batch.full());
    batch.Append(NumberedRow(number));
  }
  CHECK(batch.full());
}

TEST(batch_is_full_by_heap) {
  const test::Buffer path(kBatchHeapBytes / 4, 'x');
  Batch batch(Bit(Column::kPath));
  for (uint32_t number = 0; number < 4; ++number) {
    CHECK(!batch.full());
    batch.Append(NumberedRow(number, path));
  }
  CHECK(batch.full());
  CHECK_EQ(batch.rows(), size_t{4});
}

TEST(paths_take_no_memory_where_they_are_not_asked_for) {
  Batch batch(Bit(Column::kInode));
  batch.Append(NumberedRow(1, AsBytes("/a")));
  CHECK_EQ(batch.heap_bytes(), size_t{0});
  CHECK(batch.values(Column::kPath) == nullptr);
}

}  // namespace
}  // namespace sockscope
