#include <cerrno>

#include "core/conntrack/nat_dump.h"
#include "core/netlink/kernel_transport.h"
#include "test/check.h"
#include "test/conntrack_fixtures.h"
#include "test/scripted_transport.h"

namespace sockscope {
namespace {

using Code = Status::Code;
using namespace test;

constexpr size_t kPlenty = size_t{1} << 30;

Buffer Masqueraded(unsigned port, uint32_t id = 1) {
  return ConnectionMessage(Join({Sent(Join({Ip4({10, 0, 0, 2}, {192, 0, 2, 9}), Ports(6, port, 80)})),
                                 Reply(Join({Ip4({192, 0, 2, 9}, {192, 0, 2, 1}), Ports(6, 80, port)})),
                                 NatStatus(kSourceStatus), Bytes().Attribute(12 /* CTA_ID */, Be32(id))}));
}

Buffer Plain() {
  return ConnectionMessage(Join({Sent(Join({Ip4({10, 0, 0, 2}, {10, 0, 0, 3}), Ports(6, 1, 2)})),
                                 Reply(Join({Ip4({10, 0, 0, 3}, {10, 0, 0, 2}), Ports(6, 2, 1)})),
                                 NatStatus(kPlainStatus)}));
}

NatAnswer Read(std::vector<Step> steps, size_t max_bytes = kPlenty) {
  ScriptedTransport transport(std::move(steps));
  return ReadNat(&transport, max_bytes);
}

TEST(nat_dump_keeps_what_is_translated) {
  const NatAnswer answer = Read({Step::Of(Join({Masqueraded(5), Plain()})), Step::Of(Masqueraded(6)), Step::Of(Done(1))});
  CHECK(answer.status.ok());
  CHECK_EQ(answer.records(), size_t{2});
  CHECK_EQ(answer.batches.front()[0].source_port, 5);
  CHECK_EQ(answer.batches.front()[1].source_port, 6);
  CHECK_EQ(answer.tally.connections, uint64_t{3});
  CHECK_EQ(answer.tally.malformed, uint64_t{0});
  CHECK(answer.tally.bytes > 300 && !answer.tally.interrupted);
}

TEST(nat_dump_of_nothing_is_good) {
  const NatAnswer answer = Read({Step::Of(Done(1))});
  CHECK(answer.status.ok() && answer.batches.empty());
  CHECK_EQ(answer.records(), size_t{0});
}

TEST(nat_dump_counts_what_makes_no_sense_and_goes_on) {
  const Buffer nonsense = ConnectionMessage(Bytes().Attribute(1, {1, 2}));
  const NatAnswer answer = Read({Step::Of(Join({nonsense, Masqueraded(5)})), Step::Of(Done(1))});
  CHECK(answer.status.ok());
  CHECK_EQ(answer.tally.malformed, uint64_t{1});
  CHECK_EQ(answer.records(), size_t{1});
}

TEST(nat_dump_leaves_out_what_comes_twice) {
  const NatAnswer answer = Read({Step::Of(Join({Masqueraded(5), Masqueraded(6), Masqueraded(5, 2)})),
                                 Step::Of(Join({Masqueraded(6), Masqueraded(7)})), Step::Of(Done(1))});
  CHECK_EQ(answer.records(), size_t{4});
  CHECK_EQ(answer.tally.duplicates, uint64_t{1});
}

TEST(nat_dump_says_that_it_was_interrupted) {
  const Buffer done = NetlinkMessage(NLMSG_DONE, NLM_F_MULTI | NLM_F_DUMP_INTR, 1, Bytes().S32(0, "errno"));
  const NatAnswer answer = Read({Step::Of(Masqueraded(5)), Step::Of(done)});
  CHECK(answer.status.ok() && answer.tally.interrupted);
}

TEST(nat_dump_ignores_other_answers) {
  const Buffer stale = ConnectionMessage(Join({MasqueradedTuples(), NatStatus(kSourceStatus)}), 7);
  const NatAnswer answer = Read({Step::From(55, Masqueraded(5)), Step::Of(Join({stale, Masqueraded(6)})), Step::Of(Done(1))});
  CHECK_EQ(answer.records(), size_t{1});
  CHECK_EQ(answer.tally.connections, uint64_t{1});
}

TEST(nat_dump_fails_with_what_the_kernel_said_and_keeps_nothing) {
  const struct {
    Step step;
    Code code;
    int error_number;
  } cases[] = {
      {Step::Of(Error(1, -EPERM)), Code::kRefused, EPERM},
      {Step::Of(Error(1, -EINVAL)), Code::kRefused, EINVAL},
      {Step::Of(Error(1, -ENOENT)), Code::kNotSupported, ENOENT},
      {Step::Of(Done(1, -ENOMEM)), Code::kRefused, ENOMEM},
      {Step::Of(Buffer(100)), Code::kMalformed, 0},
      {Step::Of(Join({Masqueraded(9), Buffer(40000, 0x11)})), Code::kTruncated, 0},
      {Step::Fails(Status::FromErrno("recvmsg", ENOBUFS)), Code::kSystem, ENOBUFS},
      {Step::OutOfMemory(), Code::kNoMemory, 0},
  };
  for (const auto& one : cases) {
    const NatAnswer answer = Read({Step::Of(Masqueraded(5)), one.step});
    CHECK(!answer.status.ok());
    CHECK_EQ(answer.status.code(), one.code);
    CHECK_EQ(answer.status.error_number(), one.error_number);
    CHECK(answer.batches.empty());
  }
}

TEST(nat_dump_is_bounded) {
  const auto steps = [] { return std::vector{Step::Of(Join({Masqueraded(5), Plain(), Masqueraded(6)})), Step::Of(Done(1))}; };
  CHECK(Read(steps(), 2 * sizeof(NatRecord)).status.ok());
  const NatAnswer answer = Read(steps(), 2 * sizeof(NatRecord) - 1);
  CHECK_EQ(answer.status.code(), Code::kTooLarge);
  CHECK_EQ(answer.records(), size_t{0});
}

TEST(nat_dump_without_room_hears_the_first_answer_alone) {
  // Asked for more it would fail: nothing more is there.
  const NatAnswer plain = Read({Step::Of(Join({Plain(), Plain()}))}, 0);
  CHECK_EQ(plain.status.code(), Code::kTooLarge);
  CHECK_EQ(plain.tally.connections, uint64_t{2});
  CHECK(Read({Step::Of(Join({Plain(), Done(1)}))}, 0).status.ok());
  CHECK_EQ(Read({Step::Of(Error(1, -EPERM))}, 0).status.error_number(), EPERM);
}

TEST(nat_dump_fills_batch_after_batch) {
  std::vector<Step> steps;
  for (unsigned port = 1; port <= kNatBatch + 10; ++port) steps.push_back(Step::Of(Masqueraded(port)));
  steps.push_back(Step::Of(Done(1)));
  const NatAnswer answer = Read(std::move(steps));
  CHECK_EQ(answer.batches.size(), size_t{2});
  CHECK_EQ(answer.batches[0].size(), kNatBatch);
  CHECK_EQ(answer.batches[1].front().source_port, kNatBatch + 1);
  CHECK_EQ(answer.records(), kNatBatch + 10);
}

TEST(nat_dump_can_be_cancelled) {
  ScriptedTransport* reading = nullptr;
  ScriptedTransport transport({Step::Of(Masqueraded(5)), Step::Waits([&] { reading->Cancel(); })});
  reading = &transport;
  CHECK_EQ(ReadNat(&transport, kPlenty).status.code(), Code::kCancelled);
}

// The kernel of this machine answers, or says why not.
TEST(nat_dump_of_this_kernel) {
  Status status;
  const auto transport = KernelTransport::Open(NETLINK_NETFILTER, "socket NETLINK_NETFILTER", &status);
  if (transport == nullptr) {
    CHECK_EQ(status.error_number(), EPROTONOSUPPORT);
    return;
  }
  const NatAnswer answer = ReadNat(transport.get(), kPlenty);
  CHECK_EQ(answer.tally.malformed, uint64_t{0});
  if (!answer.status.ok()) CHECK(answer.status.error_number() == EPERM || answer.status.error_number() == EINVAL);
}

}  // namespace
}  // namespace sockscope
