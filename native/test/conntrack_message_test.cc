#include "core/conntrack/conntrack_message.h"

#include <algorithm>

#include "test/check.h"
#include "test/conntrack_fixtures.h"

namespace sockscope {
namespace {

using namespace test;

NatRecord Decoded(const Buffer& attributes, unsigned family = 2) {
  const auto connection = DecodeConnection(ConnectionBody(attributes, family));
  CHECK(connection.has_value());
  return connection->record;
}

Address16 Mapped(Quad quad) {
  Address16 address{};
  address[10] = address[11] = 0xff;
  std::copy(quad.begin(), quad.end(), address.end() - 4);
  return address;
}

TEST(conntrack_request_asks_for_both_families) {
  DumpRequest asked = ConntrackRequest();
  const auto request = asked.Numbered(9);
  const Buffer expected = Bytes()
      .U32(20, "nlmsg_len").U16(0x101, "CTNETLINK, IPCTNL_MSG_CT_GET").U16(0x301, "REQUEST | DUMP").U32(9).U32(0)
      .U8(0, "AF_UNSPEC").U8(0, "NFNETLINK_V0").U16(0, "res_id");
  CHECK(std::equal(request.begin(), request.end(), expected.begin(), expected.end()));
}

TEST(masqueraded_connection_is_read_whole) {
  const Buffer attributes = Join({
      MasqueradedTuples(), NatStatus(kSourceStatus), TcpInfo(3),
      Bytes().Attribute(7 /* CTA_TIMEOUT */, Be32(431999)).Attribute(8 /* CTA_MARK */, Be32(0xdeadbeef)),
      Counters(9 /* CTA_COUNTERS_ORIG */, 5, 0x1'0000'0001), Counters(10 /* CTA_COUNTERS_REPLY */, 4, 300),
      Bytes().Attribute(12 /* CTA_ID */, Be32(0x12345678)).Attribute(11 /* CTA_USE */, Be32(1)),
      Bytes().Attribute(kNested | 15 /* CTA_SEQ_ADJ_ORIG */, Bytes()
                                                                .Attribute(1 /* CORRECTION_POS */, Be32(4000000000))
                                                                .Attribute(2 /* OFFSET_BEFORE */, Be32(uint32_t(-3)))
                                                                .Attribute(3 /* OFFSET_AFTER */, Be32(7))),
      Bytes().Attribute(18 /* CTA_ZONE */, Be16(77)).Attribute(999, {1, 2, 3})});
  const auto connection = DecodeConnection(ConnectionBody(attributes));
  CHECK(connection.has_value());
  CHECK_EQ(connection->id, 0x12345678u);
  const NatRecord& record = connection->record;
  CHECK(record.source == Mapped({10, 0, 0, 2}) && record.destination == Mapped({192, 0, 2, 9}));
  CHECK(record.reply_source == Mapped({192, 0, 2, 9}) && record.reply_destination == Mapped({192, 0, 2, 1}));
  CHECK_EQ(record.source_port, 40000);
  CHECK_EQ(record.destination_port, 80);
  CHECK_EQ(record.reply_source_port, 80);
  CHECK_EQ(record.reply_destination_port, 40001);
  CHECK_EQ(record.family, 2);
  CHECK_EQ(record.protocol, 6);
  CHECK_EQ(record.tcp_state, 3);
  CHECK_EQ(record.nat, kSourceNat);
  CHECK_EQ(record.expires, 431999u);
  CHECK_EQ(record.mark, 0xdeadbeefu);
  CHECK_EQ(record.sent_packets, uint64_t{5});
  CHECK_EQ(record.sent_bytes, uint64_t{0x1'0000'0001});
  CHECK_EQ(record.reply_packets, uint64_t{4});
  CHECK_EQ(record.reply_bytes, uint64_t{300});
  CHECK_EQ(record.sequence_position, 4000000000u);
  CHECK_EQ(record.offset_before, -3);
  CHECK_EQ(record.offset_after, 7);
  CHECK_EQ(record.zone, 77);
  CHECK_EQ(record.told, kToldPorts | kToldExpires | kToldTcpState | kToldSentCounters | kToldReplyCounters | kToldSequence);
}

TEST(icmp_query_has_its_numbers_in_the_places_of_ports) {
  const Buffer attributes = Join({Sent(Join({Ip4({10, 0, 0, 2}, {192, 0, 2, 9}), IcmpQuery(1234, 8, 0)})),
                                  Reply(Join({Ip4({192, 0, 2, 9}, {192, 0, 2, 1}), IcmpQuery(9, 0, 0)}))});
  const NatRecord record = Decoded(attributes);
  CHECK_EQ(record.told, kToldIcmp);
  CHECK_EQ(record.source_port, 1234);
  CHECK_EQ(record.destination_port, 8 << 8);
  CHECK_EQ(record.reply_source_port, 0);
  CHECK_EQ(record.reply_destination_port, 9);
  CHECK_EQ(record.nat, kSourceNat);
}

TEST(protocol_without_ports_is_read) {
  const auto number = Bytes().Attribute(kNested | 2, Bytes().Attribute(1 /* CTA_PROTO_NUM */, Bytes().U8(50)));
  const Buffer attributes = Join({Sent(Join({Ip4({10, 0, 0, 2}, {192, 0, 2, 9}), number})),
                                  Reply(Join({Ip4({10, 0, 0, 7}, {10, 0, 0, 2}), number}))});
  const NatRecord record = Decoded(attributes);
  CHECK_EQ(record.told, 0);
  CHECK_EQ(record.protocol, 50);
  CHECK_EQ(record.nat, kDestinationNat);
}

TEST(ipv6_addresses_are_whole) {
  const auto address = [](unsigned last) { return Bytes().Be16(0x2001).Be16(0xdb8).Zeros(11).U8(last).buffer(); };
  const auto ip = [&](unsigned from, unsigned to) {
    return Bytes().Attribute(kNested | 1, Bytes().Attribute(3 /* V6_SRC */, address(from)).Attribute(4, address(to)));
  };
  const Buffer attributes =
      Join({Sent(Join({ip(1, 2), Ports(17, 5, 53)})), Reply(Join({ip(2, 3), Ports(17, 53, 5)}))});
  const NatRecord record = Decoded(attributes, 10);
  CHECK_EQ(record.family, 10);
  CHECK_EQ(record.source[1], 1);
  CHECK_EQ(record.source[15], 1);
  CHECK_EQ(record.reply_destination[15], 3);
  CHECK_EQ(record.nat, kSourceNat);
}

TEST(status_says_what_is_translated_and_tuples_do_where_it_is_missing) {
  const auto nat = [](Quad from, Quad to, unsigned source, unsigned destination, const Buffer& status) {
    const Buffer sent = Sent(Join({Ip4({10, 0, 0, 2}, {192, 0, 2, 9}), Ports(6, 40000, 80)}));
    return Decoded(Join({sent, Reply(Join({Ip4(from, to), Ports(6, source, destination)})), status})).nat;
  };
  const Quad server = {192, 0, 2, 9}, client = {10, 0, 0, 2}, other = {10, 9, 9, 9};
  CHECK_EQ(nat(server, client, 80, 40000, {}), 0);
  CHECK_EQ(nat(server, other, 80, 40000, {}), kSourceNat);
  CHECK_EQ(nat(server, client, 80, 40001, {}), kSourceNat);
  CHECK_EQ(nat(other, client, 80, 40000, {}), kDestinationNat);
  CHECK_EQ(nat(server, client, 8080, 40000, {}), kDestinationNat);
  CHECK_EQ(nat(other, other, 80, 40000, {}), kSourceNat | kDestinationNat);
  CHECK_EQ(nat(other, other, 80, 40000, NatStatus(kPlainStatus)), 0);
  CHECK_EQ(nat(server, client, 80, 40000, NatStatus(0x1be)), kSourceNat | kDestinationNat);
}

TEST(zone_of_one_direction_is_the_connections) {
  const Buffer zone = Bytes().Attribute(3 /* CTA_TUPLE_ZONE */, Be16(12));
  const Buffer sent = Sent(Join({Ip4({10, 0, 0, 2}, {192, 0, 2, 9}), Ports(6, 1, 2), zone}));
  CHECK_EQ(Decoded(Join({sent, Reply(Join({Ip4({192, 0, 2, 9}, {10, 0, 0, 2}), Ports(6, 2, 1)}))})).zone, 12);
}

TEST(what_cannot_be_a_connection_is_refused) {
  const Buffer whole = MasqueradedTuples();
  const auto refused = [](const Buffer& attributes) { return !DecodeConnection(ConnectionBody(attributes)).has_value(); };
  CHECK(!DecodeConnection({}).has_value());
  CHECK(!DecodeConnection(Buffer{2, 0, 0}).has_value());
  CHECK(refused({}));
  CHECK(refused(Sent(Join({Ip4({10, 0, 0, 2}, {192, 0, 2, 9}), Ports(6, 1, 2)}))));
  CHECK(refused(Join({Sent(Ports(6, 1, 2)), Reply(Ports(6, 2, 1))})));
  CHECK(refused(Join({Sent(Ip4({1, 2, 3, 4}, {1, 2, 3, 4})), Reply(Ip4({1, 2, 3, 4}, {1, 2, 3, 4}))})));
  CHECK(refused(Join({whole, Sent(Ip4({1, 2, 3}, {1, 2, 3, 4}))})));
  // One address, twice.
  const Buffer twice = Bytes().Attribute(kNested | 1, Bytes().Attribute(1, {10, 0, 0, 2}).Attribute(1, {10, 0, 0, 3}));
  const Buffer back = Reply(Join({Ip4({1, 2, 3, 4}, {4, 3, 2, 1}), Ports(6, 2, 1)}));
  CHECK(refused(Join({Sent(Join({twice, Ports(6, 1, 2)})), back})));
  // Replies of the other family.
  const Buffer six = Bytes().Attribute(
      kNested | 1, Bytes().Attribute(3 /* CTA_IP_V6_SRC */, Buffer(16)).Attribute(4 /* CTA_IP_V6_DST */, Buffer(16)));
  CHECK(refused(Join({Sent(Join({six, Ports(6, 1, 2)})), back})));
  CHECK(!refused(Join({Sent(Join({six, Ports(6, 1, 2)})), Reply(Join({six, Ports(6, 2, 1)}))})));
  // An address of each family.
  const Buffer mixed = Bytes().Attribute(
      kNested | 1, Bytes().Attribute(1, {10, 0, 0, 2}).Attribute(4 /* CTA_IP_V6_DST */, Buffer(16)));
  CHECK(refused(Join({Sent(Join({mixed, Ports(6, 1, 2)})), Reply(Join({Ip4({1, 2, 3, 4}, {4, 3, 2, 1}), Ports(6, 2, 1)}))})));
  for (const unsigned type : {3u, 7u, 8u, 12u}) CHECK(refused(Join({whole, Bytes().Attribute(type, {1, 2, 3})})));
  CHECK(refused(Join({whole, Bytes().Attribute(18 /* CTA_ZONE */, {1})})));
  for (const unsigned type : {4u, 9u, 10u, 15u}) {
    CHECK(refused(Join({whole, Bytes().Attribute(type, Bytes().U16(200, "nla_len").U16(1, "nla_type"))})));
    CHECK(refused(Join({whole, Bytes().Attribute(type, Bytes().Attribute(1, {}))})) != (type == 4));
  }
  CHECK(refused(Join({whole, Bytes().Attribute(4, Bytes().Attribute(1, Bytes().Attribute(1, {})))})));
}

// Wherever a message ends, nothing behind its end is read, and nothing is made up.
TEST(cut_message_is_refused_or_lacks_what_was_cut) {
  const Buffer body = ConnectionBody(Join({MasqueradedTuples(), NatStatus(kSourceStatus), TcpInfo(3)}));
  size_t whole = 0;
  for (size_t length = 0; length <= body.size(); ++length) {
    const Buffer cut(body.begin(), body.begin() + ptrdiff_t(length));
    if (const auto connection = DecodeConnection(cut)) {
      ++whole;
      CHECK_EQ(connection->record.nat, kSourceNat);
      CHECK_EQ(connection->record.source_port, 40000);
    }
  }
  CHECK(whole >= 3);
}

}  // namespace
}  // namespace sockscope
