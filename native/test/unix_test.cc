#include "core/diag/unix.h"

#include <linux/unix_diag.h>

#include <cstring>
#include <string>

#include "test/check.h"
#include "test/fixtures.h"

namespace sockscope {
namespace {

using namespace test;
using Outcome = Decoder::Outcome;

Outcome Decode(const Buffer& bytes, SocketRow* row) {
  MessageWalk walk(bytes);
  Message message;
  CHECK(walk.Next(&message));
  return UnixDecoder().Decode(message, row);
}

Buffer UnixMessage(const Buffer& attributes, const Buffer& body = UnixListenerBody()) {
  return NetlinkMessage(SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, 1, Bytes().Append(body).Append(attributes));
}

std::string PathOf(std::string_view name) {
  const Buffer message = UnixMessage(Bytes().Attribute(UNIX_DIAG_NAME, Bytes().Text(name)));
  SocketRow row;
  CHECK_EQ(Decode(message, &row), Outcome::kRow);
  return std::string(row.path.begin(), row.path.end());
}

uint32_t ShowFlags(ColumnSet columns) {
  DumpRequest request = UnixRequest(1 << 10, columns);
  const auto bytes = request.Numbered(1);
  CHECK_EQ(bytes.size(), size_t{40});
  CHECK_EQ(bytes[16], 1);             // sdiag_family
  CHECK_EQ(bytes[21], 1 << 10 >> 8);  // udiag_states
  uint32_t show;
  std::memcpy(&show, &bytes[28], sizeof(show));
  return show;
}

TEST(unix_request_asks_for_what_columns_need) {
  CHECK_EQ(ShowFlags(0), 0u);
  CHECK_EQ(ShowFlags(Bit(Column::kPath)), 0x01u);
  CHECK_EQ(ShowFlags(Bit(Column::kUnixPeer)), 0x04u);
  CHECK_EQ(ShowFlags(Bit(Column::kRecvQ)), 0x10u);
  CHECK_EQ(ShowFlags(Bit(Column::kSendQ)), 0x10u);
  CHECK_EQ(ShowFlags(Bit(Column::kUid)), 0x40u);
  CHECK_EQ(ShowFlags(kAllColumns), 0x55u);
}

TEST(every_field_of_a_unix_listener) {
  const Buffer message = UnixMessage(Bytes()
      .Attribute(UNIX_DIAG_NAME, Bytes().Text(std::string_view("/run/a b\0", 9)))
      .Attribute(UNIX_DIAG_PEER, Bytes().U32(55))
      .Attribute(UNIX_DIAG_RQLEN, Bytes().U32(2, "waiting").U32(4096, "backlog"))
      .Attribute(UNIX_DIAG_SHUTDOWN, {0})
      .Attribute(7, Bytes().U32(1000, "uid")));
  SocketRow row;
  CHECK_EQ(Decode(message, &row), Outcome::kRow);
  CHECK_EQ(row.protocol, Protocol::kUnix);
  CHECK_EQ(row.family, 1);
  CHECK_EQ(row.state, 10);
  CHECK_EQ(row.unix_type, 1);
  CHECK_EQ(row.unix_flags, 0x10000u);
  CHECK_EQ(row.unix_refs, 0u);
  CHECK_EQ(row.unix_peer, 55u);
  CHECK_EQ(row.recv_q, 2u);
  CHECK_EQ(row.send_q, 4096u);
  CHECK_EQ(row.uid, 1000u);
  CHECK_EQ(row.inode, 7777u);
  CHECK_EQ(row.cookie64(), uint64_t{0x21});
  CHECK_EQ(std::string(row.path.begin(), row.path.end()), "/run/a b");
}

TEST(what_an_old_kernel_does_not_tell_is_absent) {
  SocketRow row;
  CHECK_EQ(Decode(UnixMessage(Bytes().Attribute(UNIX_DIAG_SHUTDOWN, {0})), &row), Outcome::kRow);
  CHECK_EQ(row.uid, kAbsent);
  CHECK_EQ(row.recv_q, kAbsent);
  CHECK_EQ(row.send_q, kAbsent);
  CHECK_EQ(row.unix_peer, 0u);
  CHECK(row.path.empty());
}

TEST(attributes_that_are_too_short_tell_nothing) {
  SocketRow row;
  const Buffer message = UnixMessage(
      Bytes().Attribute(UNIX_DIAG_PEER, {1}).Attribute(UNIX_DIAG_RQLEN, Bytes().U32(9)).Attribute(7, {1, 2}));
  CHECK_EQ(Decode(message, &row), Outcome::kRow);
  CHECK_EQ(row.uid, kAbsent);
  CHECK_EQ(row.recv_q, kAbsent);
  CHECK_EQ(row.unix_peer, 0u);
}

TEST(names_are_raw_bytes_without_the_closing_nul_of_a_path) {
  CHECK_EQ(PathOf(std::string_view("/tmp/x\0", 7)), "/tmp/x");
  CHECK_EQ(PathOf("/tmp/no-nul"), "/tmp/no-nul");
  CHECK_EQ(PathOf(std::string_view("/tmp/\xff\n \0", 9)), "/tmp/\xff\n ");
  CHECK_EQ(PathOf(std::string_view("\0abstract\0", 10)), std::string("\0abstract\0", 10));
  CHECK_EQ(PathOf(std::string_view("\0", 1)), std::string("\0", 1));
  CHECK_EQ(PathOf(""), "");
}

TEST(connected_unix_socket_is_not_listening) {
  Buffer body = UnixListenerBody();
  body[2] = 1;
  SocketRow row;
  CHECK_EQ(Decode(UnixMessage({}, body), &row), Outcome::kRow);
  CHECK_EQ(row.unix_flags, 0u);
}

TEST(message_that_is_no_unix_socket_is_malformed) {
  SocketRow row;
  Buffer cut = UnixListenerBody();
  cut.resize(15);
  Buffer foreign = UnixListenerBody();
  foreign[0] = 2;
  CHECK_EQ(Decode(UnixMessage({}, cut), &row), Outcome::kMalformed);
  CHECK_EQ(Decode(UnixMessage({}, foreign), &row), Outcome::kMalformed);
  CHECK_EQ(Decode(UnixMessage({2, 0, 0, 0}), &row), Outcome::kMalformed);
}

}  // namespace
}  // namespace sockscope
