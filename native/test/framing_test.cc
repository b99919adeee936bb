#include "core/byte_cursor.h"
#include "core/kernel_version.h"
#include "core/netlink/attributes.h"
#include "core/netlink/message.h"
#include "test/check.h"
#include "test/wire.h"

namespace sockscope {
namespace {

using test::Buffer;
using test::Bytes;

struct Walked {
  std::vector<unsigned> types;
  std::vector<size_t> sizes;
  bool malformed;
};

Walked WalkAttributes(const Buffer& bytes) {
  Walked walked{};
  AttributeWalk walk(bytes);
  for (Attribute attribute; walk.Next(&attribute);) {
    walked.types.push_back(attribute.type);
    walked.sizes.push_back(attribute.payload.size());
  }
  walked.malformed = walk.malformed();
  return walked;
}

TEST(cursor_reads_to_the_end_and_not_beyond) {
  const Buffer bytes = Bytes().U16(7).U32(8).U8(9);
  ByteCursor cursor(bytes);
  CHECK_EQ(cursor.Read<uint16_t>(), 7);
  CHECK_EQ(cursor.Read<uint32_t>(), 8u);
  CHECK_EQ(cursor.Read<uint16_t>(), 0);
  CHECK(!cursor.ok());
}

TEST(cursor_stays_failed_after_a_short_read) {
  const Buffer bytes = Bytes().U32(8);
  ByteCursor cursor(bytes);
  CHECK(cursor.Bytes(5).empty());
  CHECK_EQ(cursor.Read<uint8_t>(), 0);
  CHECK(cursor.rest().empty());
  CHECK(!cursor.ok());
}

TEST(attributes_are_walked_with_their_padding) {
  const Buffer bytes = Bytes().Attribute(1, {1, 2, 3, 4, 5}).Attribute(2, {}).Attribute(3, {1, 2, 3, 4});
  const Walked walked = WalkAttributes(bytes);
  CHECK(walked.types == (std::vector<unsigned>{1, 2, 3}));
  CHECK(walked.sizes == (std::vector<size_t>{5, 0, 4}));
  CHECK(!walked.malformed);
}

TEST(padding_of_the_last_attribute_may_be_missing) {
  const Walked walked = WalkAttributes(Bytes().U16(5, "nla_len").U16(8, "nla_type").U8(3));
  CHECK(walked.sizes == std::vector<size_t>{1});
  CHECK(!walked.malformed);
}

TEST(flags_in_an_attribute_type_are_not_part_of_it) {
  CHECK(WalkAttributes(Bytes().Attribute(NLA_F_NESTED | 5u, {})).types == std::vector<unsigned>{5});
}

TEST(attribute_shorter_than_its_header_stops_the_walk) {
  for (const unsigned length : {0u, 1u, 2u, 3u}) {
    const Buffer next = Bytes().U16(length, "nla_len").U16(2, "nla_type").U32(0);
    const Walked walked = WalkAttributes(Bytes().Attribute(1, {7, 7, 7, 7}).Append(next));
    CHECK(walked.types == std::vector<unsigned>{1});
    CHECK(walked.malformed);
  }
}

TEST(attribute_longer_than_the_message_stops_the_walk) {
  CHECK(WalkAttributes(Bytes().U16(9, "nla_len").U16(1).U32(0)).malformed);
  CHECK(WalkAttributes(Bytes().U16(0xffff, "nla_len").U16(1)).malformed);
  CHECK(WalkAttributes({4, 0, 1}).malformed);
}

TEST(messages_are_walked_and_a_broken_length_stops_the_walk) {
  const Buffer good = test::NetlinkMessage(20, 0, 1, {1, 2, 3, 4});
  for (const uint32_t length : {0u, 15u, 40u, 0xffffffffu}) {
    const Buffer bytes = Bytes().Append(good).U32(length, "nlmsg_len").Zeros(12).U32(5);
    MessageWalk walk(bytes);
    Message message;
    CHECK(walk.Next(&message));
    CHECK_EQ(message.payload.size(), size_t{4});
    CHECK(!walk.Next(&message));
    CHECK(walk.malformed());
    CHECK(!walk.Next(&message));
  }
}

TEST(bytes_too_few_for_a_message_are_malformed) {
  const Buffer bytes(15, 0);
  MessageWalk walk(bytes);
  Message message;
  CHECK(!walk.Next(&message));
  CHECK(walk.malformed());
}

TEST(kernel_releases_are_compared_by_number) {
  CHECK(ReleaseIsAtLeast("5.9.0", 5, 9));
  CHECK(ReleaseIsAtLeast("5.10.0-rc1+", 5, 9));
  CHECK(ReleaseIsAtLeast("6.18.44", 5, 9));
  CHECK(!ReleaseIsAtLeast("5.8.99", 5, 9));
  CHECK(!ReleaseIsAtLeast("4.18.0-553.el8", 5, 9));
  CHECK(!ReleaseIsAtLeast("", 5, 9));
  CHECK(!ReleaseIsAtLeast("unknown", 5, 9));
}

}  // namespace
}  // namespace sockscope
