#include "core/diag/unix.h"

#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/netlink/attributes.h"

namespace sockscope {

static_assert(sizeof(unix_diag_req) == 24 && offsetof(unix_diag_req, udiag_show) == 12);
static_assert(sizeof(unix_diag_msg) == 16 && offsetof(unix_diag_msg, udiag_ino) == 4 &&
              offsetof(unix_diag_msg, udiag_cookie) == 8);
static_assert(sizeof(unix_diag_rqlen) == 8);

namespace {

// UNIX_DIAG_UID and its flag came with Linux 5.3; headers may be older.
constexpr uint32_t kShowUid = 0x40;
constexpr uint16_t kUidAttribute = 7;

constexpr uint8_t kListening = 10;                // TCP_LISTEN
constexpr uint32_t kAcceptsConnections = 0x10000;   // __SO_ACCEPTCON, as /proc/net/unix shows it

// A message too long for an empty datagram ends the dump as if it were complete. The longest one that these flags
// can ask for fits the smallest datagram (3,776 bytes) many times over. UDIAG_SHOW_ICONS has no such bound (four
// bytes a pending connection), which is why it is not among them.
constexpr size_t kLongestMessage = sizeof(nlmsghdr) + sizeof(unix_diag_msg) +
                                   NLA_ALIGN(sizeof(nlattr) + sizeof(sockaddr_un) + 1) +   // name
                                   (sizeof(nlattr) + 4) * 3 +                              // peer, uid, shutdown
                                   sizeof(nlattr) + sizeof(unix_diag_rqlen);
static_assert(kLongestMessage < 3776 / 8);

void SetPath(std::span<const uint8_t> name, SocketRow* row) {
  const bool closing_nul = name.size() > 1 && name.front() != 0 && name.back() == 0;
  row->path = closing_nul ? name.first(name.size() - 1) : name;
}

void ReadAttribute(const Attribute& attribute, SocketRow* row) {
  ByteCursor cursor(attribute.payload);
  switch (attribute.type) {
    case UNIX_DIAG_NAME:
      SetPath(attribute.payload, row);
      break;
    case UNIX_DIAG_PEER:
      row->unix_peer = cursor.Read<uint32_t>();
      break;
    case UNIX_DIAG_RQLEN: {
      const auto queues = cursor.Read<unix_diag_rqlen>();
      if (!cursor.ok()) break;
      row->recv_q = queues.udiag_rqueue;
      row->send_q = queues.udiag_wqueue;
      break;
    }
    case kUidAttribute: {
      const auto uid = cursor.Read<uint32_t>();
      if (cursor.ok()) row->uid = uid;
      break;
    }
    default:
      break;
  }
}

}  // namespace

DumpRequest UnixRequest(uint32_t states, ColumnSet columns) {
  unix_diag_req body{};
  body.sdiag_family = AF_UNIX;
  body.udiag_states = states;
  if ((columns & Bit(Column::kPath)) != 0) body.udiag_show |= UDIAG_SHOW_NAME;
  if ((columns & Bit(Column::kUnixPeer)) != 0) body.udiag_show |= UDIAG_SHOW_PEER;
  if ((columns & (Bit(Column::kRecvQ) | Bit(Column::kSendQ))) != 0) body.udiag_show |= UDIAG_SHOW_RQLEN;
  if ((columns & Bit(Column::kUid)) != 0) body.udiag_show |= kShowUid;
  return DumpRequest(SOCK_DIAG_BY_FAMILY, body);
}

Decoder::Outcome UnixDecoder::Decode(const Message& message, SocketRow* row) const {
  if (message.type != SOCK_DIAG_BY_FAMILY) return Outcome::kMalformed;
  ByteCursor cursor(message.payload);
  const auto fixed = cursor.Read<unix_diag_msg>();
  if (!cursor.ok() || fixed.udiag_family != AF_UNIX) return Outcome::kMalformed;
  *row = SocketRow{};
  row->protocol = Protocol::kUnix;
  row->family = fixed.udiag_family;
  row->state = fixed.udiag_state;
  row->inode = fixed.udiag_ino;
  row->cookie[0] = fixed.udiag_cookie[0];
  row->cookie[1] = fixed.udiag_cookie[1];
  row->unix_type = fixed.udiag_type;
  row->unix_flags = fixed.udiag_state == kListening ? kAcceptsConnections : 0;
  AttributeWalk walk(cursor.rest());
  for (Attribute attribute; walk.Next(&attribute);) ReadAttribute(attribute, row);
  return walk.malformed() ? Outcome::kMalformed : Outcome::kRow;
}

}  // namespace sockscope
