#include "core/netlink/dump.h"

#include <linux/sock_diag.h>

#include <cerrno>

#include "test/check.h"
#include "test/fixtures.h"
#include "test/scripted_transport.h"

namespace sockscope {
namespace {

using Code = Status::Code;
using namespace test;

constexpr uint32_t kSequence = 5;

Buffer Row(uint32_t sequence = kSequence, unsigned flags = NLM_F_MULTI) {
  return NetlinkMessage(SOCK_DIAG_BY_FAMILY, flags, sequence, Buffer(72));
}

struct Followed {
  Status status;
  DumpTally tally;
  size_t row_datagrams = 0;
  size_t row_bytes = 0;
  bool ended = false;
};

// Follows a dump to its end or its error.
Followed Follow(std::vector<Step> steps) {
  ScriptedTransport transport(std::move(steps));
  Followed followed;
  Dump dump(&transport, kSequence, &followed.tally);
  Buffer into(kReceiveBytes);
  while (!dump.ended() && followed.status.ok()) {
    size_t length = 0;
    followed.status = dump.Next(into, &length);
    if (length > 0) ++followed.row_datagrams;
    followed.row_bytes += length;
  }
  followed.ended = dump.ended();
  return followed;
}

Followed Follow(Buffer only) { return Follow(std::vector{Step::Of(std::move(only))}); }

TEST(request_carries_its_length_flags_and_sequence) {
  std::vector<Buffer> sent;
  ScriptedTransport transport({}, &sent);
  DumpTally tally;
  Dump dump(&transport, kSequence, &tally);
  DumpRequest request(SOCK_DIAG_BY_FAMILY, uint64_t{0x0807060504030201});
  request.AddU32(3, 17);
  CHECK(dump.Start(&request).ok());
  const Buffer expected = Bytes()
      .U32(16 + 8 + 8, "nlmsg_len").U16(20, "nlmsg_type").U16(0x301, "REQUEST | DUMP").U32(kSequence).U32(0)
      .All({1, 2, 3, 4, 5, 6, 7, 8}, "body").U16(8, "nla_len").U16(3, "nla_type").U32(17);
  CHECK(sent.at(0) == expected);
}

TEST(multipart_dump_ends_with_done) {
  const Followed followed = Follow({Step::Of(Join({Row(), Row()})), Step::Of(Row()), Step::Of(Done(kSequence))});
  CHECK(followed.status.ok() && followed.ended);
  CHECK_EQ(followed.row_datagrams, size_t{2});
  CHECK_EQ(followed.tally.bytes, uint64_t{3 * 88 + 20});
}

TEST(done_may_be_glued_to_the_last_rows) {
  const Followed followed = Follow(Join({Row(), Done(kSequence)}));
  CHECK(followed.status.ok() && followed.ended);
  CHECK_EQ(followed.row_datagrams, size_t{1});
}

TEST(done_alone_is_an_empty_table) {
  const Followed followed = Follow(Done(kSequence));
  CHECK(followed.status.ok() && followed.ended);
  CHECK_EQ(followed.row_datagrams, size_t{0});
}

TEST(done_without_its_errno_is_a_success) {
  CHECK(Follow(NetlinkMessage(NLMSG_DONE, NLM_F_MULTI, kSequence, {})).status.ok());
  CHECK(Follow(NetlinkMessage(NLMSG_DONE, NLM_F_MULTI, kSequence, {1, 2})).status.ok());
}

TEST(errno_inside_done_is_the_answer) {
  const Followed missing = Follow(Done(kSequence, -ENOENT));
  CHECK_EQ(missing.status.code(), Code::kNotSupported);
  CHECK_EQ(missing.status.error_number(), ENOENT);
  const Followed refused = Follow(Join({Row(), Done(kSequence, -EACCES)}));
  CHECK_EQ(refused.status.code(), Code::kRefused);
  CHECK_EQ(refused.status.error_number(), EACCES);
  CHECK_EQ(refused.row_datagrams, size_t{1});
}

TEST(error_message_is_the_answer) {
  const Followed missing = Follow(Error(kSequence, -ENOENT));
  CHECK_EQ(missing.status.code(), Code::kNotSupported);
  CHECK(missing.ended);
  const Followed invalid = Follow(Error(kSequence, -EINVAL));
  CHECK_EQ(invalid.status.code(), Code::kRefused);
  CHECK_EQ(invalid.status.error_number(), EINVAL);
  CHECK_EQ(std::string_view(invalid.status.operation()), "NLMSG_ERROR");
}

TEST(error_without_its_number_is_malformed) {
  CHECK_EQ(Follow(NetlinkMessage(NLMSG_ERROR, 0, kSequence, {1, 2})).status.code(), Code::kMalformed);
}

TEST(positive_errno_is_no_success) {
  for (const Buffer& answer : {Error(kSequence, EAGAIN), Done(kSequence, 1)}) {
    const Followed followed = Follow(Join({Row(), answer}));
    CHECK_EQ(followed.status.code(), Code::kMalformed);
    CHECK_EQ(followed.row_datagrams, size_t{1});
  }
}

TEST(what_stands_behind_the_end_is_no_part_of_the_table) {
  const Buffer overrun = NetlinkMessage(NLMSG_OVERRUN, 0, kSequence, {});
  for (const Buffer& end : {Done(kSequence), Done(kSequence, -EACCES), Error(kSequence, -EBUSY), overrun}) {
    CHECK_EQ(Follow(Join({Row(), Row(), end, Row()})).row_bytes, size_t{2 * 88});
    CHECK_EQ(Follow(Join({end, Row()})).row_bytes, size_t{0});
  }
}

TEST(errno_that_cannot_be_negated_is_an_error_all_the_same) {
  CHECK_EQ(Follow(Error(kSequence, INT32_MIN)).status.code(), Code::kRefused);
}

TEST(acknowledgement_and_noop_are_stepped_over) {
  const Buffer noop = NetlinkMessage(NLMSG_NOOP, 0, kSequence, {});
  const Followed followed = Follow({Step::Of(Error(kSequence, 0)), Step::Of(Join({noop, Row(), noop})),
                                    Step::Of(noop), Step::Of(Done(kSequence))});
  CHECK(followed.status.ok());
  CHECK_EQ(followed.row_datagrams, size_t{1});
}

TEST(busy_in_the_middle_of_a_dump_is_refused) {
  const Followed followed = Follow({Step::Of(Row()), Step::Of(Error(kSequence, -EBUSY)), Step::Of(Row())});
  CHECK_EQ(followed.status.code(), Code::kRefused);
  CHECK_EQ(followed.status.error_number(), EBUSY);
  CHECK_EQ(followed.row_datagrams, size_t{1});
}

TEST(overrun_says_that_rows_are_lost) {
  CHECK_EQ(Follow(NetlinkMessage(NLMSG_OVERRUN, 0, kSequence, {})).status.code(), Code::kTruncated);
}

TEST(replies_to_other_requests_are_counted_and_ignored) {
  const Followed followed = Follow({Step::Of(Done(kSequence - 1)), Step::Of(Row(kSequence + 1)),
                                    Step::Of(Error(kSequence - 1, -EBUSY)), Step::Of(Row()),
                                    Step::Of(Done(kSequence))});
  CHECK(followed.status.ok());
  CHECK_EQ(followed.tally.stale, uint64_t{3});
  CHECK_EQ(followed.row_datagrams, size_t{1});
}

TEST(datagrams_of_other_senders_are_counted_and_ignored) {
  const Followed followed = Follow({Step::From(1234, Row()), Step::From(1234, Done(kSequence, -EACCES)),
                                    Step::From(1, {}), Step::Of(Done(kSequence))});
  CHECK(followed.status.ok());
  CHECK_EQ(followed.tally.foreign, uint64_t{3});
  CHECK_EQ(followed.row_datagrams, size_t{0});
}

TEST(interrupted_dump_is_marked) {
  const Buffer ours = Row(kSequence, NLM_F_MULTI | NLM_F_DUMP_INTR);
  const Buffer stale = Row(kSequence + 1, NLM_F_MULTI | NLM_F_DUMP_INTR);
  const Buffer done = NetlinkMessage(NLMSG_DONE, NLM_F_MULTI | NLM_F_DUMP_INTR, kSequence, Bytes().S32(0, "errno"));
  CHECK(Follow({Step::Of(ours), Step::Of(Done(kSequence))}).tally.interrupted);
  CHECK(Follow({Step::Of(Row()), Step::Of(done)}).tally.interrupted);
  CHECK(!Follow({Step::Of(stale), Step::Of(Done(kSequence))}).tally.interrupted);
}

TEST(truncated_datagram_is_an_error_that_keeps_its_rows) {
  Bytes longer;
  for (int row = 0; row < 400; ++row) longer.Append(Row());
  const Followed followed = Follow(longer);
  CHECK_EQ(followed.status.code(), Code::kTruncated);
  CHECK_EQ(followed.row_datagrams, size_t{1});
}

TEST(datagram_that_is_cut_between_two_messages_is_truncated) {
  const Buffer row = NetlinkMessage(SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, kSequence, Buffer(48));
  static_assert(kReceiveBytes % 64 == 0);
  Bytes longer;
  for (size_t at = 0; at <= kReceiveBytes; at += 64) longer.Append(row);
  const Followed followed = Follow({Step::Of(longer), Step::Of(Done(kSequence))});
  CHECK_EQ(followed.status.code(), Code::kTruncated);
  CHECK_EQ(followed.row_bytes, kReceiveBytes);
}

TEST(broken_message_length_is_an_error_that_keeps_earlier_rows) {
  for (const uint32_t length : {0u, 15u, 500u}) {
    const Buffer broken = Bytes().U32(length, "nlmsg_len").U16(20).U16(2).U32(kSequence).U32(0);
    const Followed followed = Follow(Join({Row(), broken}));
    CHECK_EQ(followed.status.code(), Code::kMalformed);
    CHECK_EQ(followed.row_datagrams, size_t{1});
  }
}

TEST(empty_datagram_is_malformed) { CHECK_EQ(Follow(Buffer{}).status.code(), Code::kMalformed); }

TEST(failure_of_the_transport_is_the_dumps) {
  for (const int error : {ENOBUFS, ETIMEDOUT, EBADF}) {
    const Followed followed = Follow({Step::Of(Row()), Step::Fails(Status::FromErrno("recvmsg", error))});
    CHECK_EQ(followed.status.code(), Code::kSystem);
    CHECK_EQ(followed.status.error_number(), error);
    CHECK(!followed.ended);
  }
}

}  // namespace
}  // namespace sockscope
