#include "core/diag/inet.h"

#include <sys/socket.h>

#include <cstring>

#include "test/check.h"
#include "test/fixtures.h"

namespace sockscope {
namespace {

using namespace test;
using Outcome = Decoder::Outcome;

InetQuery Query(uint16_t ip_protocol, ColumnSet columns = kAllColumns) {
  return {.ip_protocol = ip_protocol, .inet = true, .inet6 = true, .states = 0xfff, .columns = columns};
}

// Decodes the one message of a datagram.
Outcome Decode(const InetQuery& query, const Buffer& bytes, SocketRow* row) {
  MessageWalk walk(bytes);
  Message message;
  CHECK(walk.Next(&message));
  return InetDecoder(query).Decode(message, row);
}

Buffer Sent(DumpRequest request) {
  const auto bytes = request.Numbered(1);
  return Buffer(bytes.begin(), bytes.end());
}

TEST(one_walk_request_for_tcp) {
  const Buffer expected = Bytes()
      .U32(76, "nlmsg_len").U16(18, "TCPDIAG_GETSOCK").U16(0x301, "REQUEST | DUMP").U32(1, "nlmsg_seq").U32(0)
      .U8(2, "idiag_family").U8(0).U8(0).U8(0, "idiag_ext").Zeros(48, "id")
      .U32(0xfff, "idiag_states").U32(0, "idiag_dbs");
  CHECK(Sent(OneWalkRequest(Query(6, kAllColumns & ~Bit(Column::kProbes)))) == expected);
}

TEST(bytecode_goes_behind_either_request) {
  InetQuery query = Query(6);
  query.bytecode = {5, 8, 12, 0, 0, 0, 0, 0};
  const Buffer attribute = Bytes().U16(12, "nla_len").U16(1, "INET_DIAG_REQ_BYTECODE").Append(query.bytecode);
  for (const Buffer& sent : {Sent(OneWalkRequest(query)), Sent(FamilyRequest(query, AF_INET))}) {
    CHECK(Buffer(sent.end() - 12, sent.end()) == attribute);
    uint32_t length;
    std::memcpy(&length, sent.data(), sizeof(length));
    CHECK_EQ(length, sent.size());
  }
}

TEST(one_walk_request_for_udp_names_its_protocol) {
  const Buffer sent = Sent(OneWalkRequest(Query(17)));
  CHECK_EQ(sent.size(), size_t{84});
  CHECK((Buffer(sent.begin() + 76, sent.end()) == Bytes().U16(8, "nla_len").U16(3, "PROTOCOL").U32(17).buffer()));
  CHECK_EQ(sent[19], 0);
}

TEST(request_of_one_family) {
  const Buffer expected = Bytes()
      .U32(72, "nlmsg_len").U16(20, "SOCK_DIAG_BY_FAMILY").U16(0x301).U32(1).U32(0)
      .U8(10, "sdiag_family").U8(255, "sdiag_protocol").U8(0, "idiag_ext").U8(0)
      .U32(0xfff, "idiag_states").Zeros(48, "id");
  CHECK(Sent(FamilyRequest(Query(255), 10)) == expected);
}

TEST(tcp_info_is_asked_for_where_probes_are_and_only_of_tcp) {
  CHECK_EQ(Sent(OneWalkRequest(Query(6)))[19], 2);
  CHECK_EQ(Sent(FamilyRequest(Query(6), 2))[18], 2);
  CHECK_EQ(Sent(FamilyRequest(Query(17), 2))[18], 0);
}

TEST(every_field_of_a_listener) {
  SocketRow row;
  CHECK_EQ(Decode(Query(6), InetMessage(1, Listener4Body(), UsualAttributes()), &row), Outcome::kRow);
  CHECK_EQ(row.protocol, Protocol::kTcp);
  CHECK_EQ(row.family, 2);
  CHECK_EQ(row.state, 10);
  CHECK_EQ(row.local_port, 8080);
  CHECK_EQ(row.remote_port, 0);
  const uint8_t local[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1};
  const uint8_t remote[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};
  CHECK(std::memcmp(row.local_address, local, 16) == 0);
  CHECK(std::memcmp(row.remote_address, remote, 16) == 0);
  CHECK_EQ(row.cookie64(), uint64_t{0x100001001});
  CHECK_EQ(row.recv_q, 3u);
  CHECK_EQ(row.send_q, 7u);
  CHECK_EQ(row.uid, 1000u);
  CHECK_EQ(row.inode, 424242u);
}

TEST(every_field_of_an_ipv6_connection) {
  SocketRow row;
  CHECK_EQ(Decode(Query(6), InetMessage(1, Established6Body(), UsualAttributes()), &row), Outcome::kRow);
  const uint8_t loopback[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  CHECK_EQ(row.family, 10);
  CHECK_EQ(row.state, 1);
  CHECK_EQ(row.timer, 1);
  CHECK_EQ(row.retrans, 2);
  CHECK_EQ(row.expires_ms, 204u);
  CHECK(std::memcmp(row.local_address, loopback, 16) == 0);
  CHECK(std::memcmp(row.remote_address, loopback, 16) == 0);
  CHECK_EQ(row.local_port, 443);
  CHECK_EQ(row.remote_port, 50000);
  CHECK_EQ(row.ifindex, 3u);
  CHECK_EQ(row.recv_q, 5u);
  CHECK_EQ(row.send_q, 9u);
  CHECK_EQ(row.probes, 0);
}

TEST(legacy_replies_are_read_alike) {
  SocketRow row;
  CHECK_EQ(Decode(Query(6), InetMessage(1, Listener4Body(), {}, TCPDIAG_GETSOCK), &row), Outcome::kRow);
  CHECK_EQ(row.inode, 424242u);
}

TEST(tcp_info_tells_retransmissions_from_probes) {
  for (const size_t length : {280u, 232u, 104u, 4u}) {
    const Buffer attributes = Bytes().Append(UsualAttributes()).Attribute(INET_DIAG_INFO, TcpInfo(4, 6, length));
    SocketRow row;
    CHECK_EQ(Decode(Query(6), InetMessage(1, Established6Body(), attributes), &row), Outcome::kRow);
    CHECK_EQ(row.retrans, 4);
    CHECK_EQ(row.probes, 6);
  }
}

TEST(tcp_info_too_short_for_its_first_fields_leaves_probes_unknown) {
  SocketRow row;
  const Buffer attributes = Bytes().Attribute(INET_DIAG_INFO, TcpInfo(4, 6, 3));
  CHECK_EQ(Decode(Query(6), InetMessage(1, Established6Body(), attributes), &row), Outcome::kRow);
  CHECK_EQ(row.retrans, 2);
  CHECK_EQ(row.probes, kAbsentProbes);
}

TEST(row_without_tcp_info_forgets_the_one_before) {
  SocketRow row;
  const Buffer attributes = Bytes().Attribute(INET_DIAG_INFO, TcpInfo(4, 6));
  CHECK_EQ(Decode(Query(6), InetMessage(1, Established6Body(), attributes), &row), Outcome::kRow);
  CHECK_EQ(Decode(Query(6), InetMessage(1, Listener4Body()), &row), Outcome::kRow);
  CHECK_EQ(row.retrans, 0);
  CHECK_EQ(row.probes, 0);
}

TEST(raw_socket_shows_its_protocol_as_local_port) {
  SocketRow row;
  const Buffer attributes = Bytes().Attribute(INET_DIAG_PROTOCOL, {58});
  CHECK_EQ(Decode(Query(255), InetMessage(1, Established6Body(), attributes), &row), Outcome::kRow);
  CHECK_EQ(row.protocol, Protocol::kRaw);
  CHECK_EQ(row.local_port, 58);
  CHECK_EQ(row.remote_port, 0);
}

TEST(raw_socket_whose_protocol_is_empty_keeps_its_port) {
  SocketRow row;
  const Buffer attributes = Bytes().Attribute(INET_DIAG_PROTOCOL, {}).Attribute(INET_DIAG_SHUTDOWN, {0});
  CHECK_EQ(Decode(Query(255), InetMessage(1, Established6Body(), attributes), &row), Outcome::kRow);
  CHECK_EQ(row.local_port, 443);
}

TEST(unknown_attributes_are_stepped_over) {
  SocketRow row;
  const Buffer attributes =
      Bytes().Attribute(300, Buffer(77)).Attribute(0, {}).Attribute(INET_DIAG_INFO, TcpInfo(1, 2));
  CHECK_EQ(Decode(Query(6), InetMessage(1, Established6Body(), attributes), &row), Outcome::kRow);
  CHECK_EQ(row.probes, 2);
}

TEST(broken_attributes_are_malformed_where_one_is_needed) {
  const Buffer broken = Bytes().U16(3, "nla_len").U16(2);
  const Buffer message = InetMessage(1, Established6Body(), broken);
  SocketRow row;
  CHECK_EQ(Decode(Query(6), message, &row), Outcome::kMalformed);
  CHECK_EQ(Decode(Query(6, Bit(Column::kState)), message, &row), Outcome::kRow);
}

TEST(message_that_is_no_inet_socket_is_malformed) {
  SocketRow row;
  Buffer cut = Listener4Body();
  cut.resize(71);
  Buffer foreign = Listener4Body();
  foreign[0] = 1;
  CHECK_EQ(Decode(Query(6), InetMessage(1, cut), &row), Outcome::kMalformed);
  CHECK_EQ(Decode(Query(6), InetMessage(1, {}), &row), Outcome::kMalformed);
  CHECK_EQ(Decode(Query(6), InetMessage(1, foreign), &row), Outcome::kMalformed);
  CHECK_EQ(Decode(Query(6), InetMessage(1, Listener4Body(), {}, 99), &row), Outcome::kMalformed);
}

TEST(family_that_was_not_asked_for_is_left_out) {
  InetQuery only6 = Query(6);
  only6.inet = false;
  SocketRow row;
  CHECK_EQ(Decode(only6, InetMessage(1, Listener4Body()), &row), Outcome::kNotAsked);
  CHECK_EQ(Decode(only6, InetMessage(1, Established6Body()), &row), Outcome::kRow);
}

}  // namespace
}  // namespace sockscope
