#include "core/diag/inet.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "core/netlink/attributes.h"

namespace sockscope {

static_assert(sizeof(inet_diag_sockid) == 48 && offsetof(inet_diag_sockid, idiag_cookie) == 40);
static_assert(sizeof(inet_diag_req) == 60 && offsetof(inet_diag_req, idiag_states) == 52);
static_assert(sizeof(inet_diag_req_v2) == 56 && offsetof(inet_diag_req_v2, id) == 8);
static_assert(sizeof(inet_diag_msg) == 72 && offsetof(inet_diag_msg, idiag_expires) == 52 &&
              offsetof(inet_diag_msg, idiag_inode) == 68);

namespace {

constexpr uint8_t ExtensionBit(int attribute) { return static_cast<uint8_t>(1u << (attribute - 1)); }

// struct tcp_info grows with every kernel; these bytes have always been its first.
constexpr size_t kTcpInfoRetransmits = 2;
constexpr size_t kTcpInfoProbes = 3;

// To a reader with CAP_NET_ADMIN the kernel then also sends a listener's TCP-MD5 keys, 100 bytes each: one with more
// than some 300 of them does not fit a datagram and ends the dump. Hence only where a column needs it.
bool AsksForTcpInfo(const InetQuery& query) {
  return query.ip_protocol == IPPROTO_TCP && (query.columns & Bit(Column::kProbes)) != 0;
}

uint8_t Extensions(const InetQuery& query) { return AsksForTcpInfo(query) ? ExtensionBit(INET_DIAG_INFO) : 0; }

void CopyAddress(uint8_t family, const uint32_t (&words)[4], uint8_t (&out)[16]) {
  if (family == AF_INET6) {
    std::memcpy(out, words, 16);
    return;
  }
  static constexpr uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::memcpy(out, kMapped, 12);
  std::memcpy(out + 12, words, 4);
}

void CopyMessage(const inet_diag_msg& message, SocketRow* row) {
  row->family = message.idiag_family;
  row->state = message.idiag_state;
  row->timer = message.idiag_timer;
  row->retrans = message.idiag_retrans;
  row->probes = 0;
  row->expires_ms = message.idiag_expires;
  CopyAddress(message.idiag_family, message.id.idiag_src, row->local_address);
  CopyAddress(message.idiag_family, message.id.idiag_dst, row->remote_address);
  row->local_port = ntohs(message.id.idiag_sport);
  row->remote_port = ntohs(message.id.idiag_dport);
  row->ifindex = message.id.idiag_if;
  row->recv_q = message.idiag_rqueue;
  row->send_q = message.idiag_wqueue;
  row->uid = message.idiag_uid;
  row->inode = message.idiag_inode;
  row->cookie[0] = message.id.idiag_cookie[0];
  row->cookie[1] = message.id.idiag_cookie[1];
}

}  // namespace

std::optional<Protocol> ProtocolOf(uint16_t ip_protocol) {
  switch (ip_protocol) {
    case IPPROTO_TCP: return Protocol::kTcp;
    case IPPROTO_UDP: return Protocol::kUdp;
    case IPPROTO_UDPLITE: return Protocol::kUdpLite;
    case IPPROTO_RAW: return Protocol::kRaw;
    default: return std::nullopt;
  }
}

DumpRequest OneWalkRequest(const InetQuery& query) {
  inet_diag_req body{};
  body.idiag_family = AF_INET;   // ignored: the kernel takes every family of this request
  body.idiag_ext = Extensions(query);
  body.idiag_states = query.states;
  DumpRequest request(TCPDIAG_GETSOCK, body);
  if (query.ip_protocol != IPPROTO_TCP) request.AddU32(INET_DIAG_REQ_PROTOCOL, query.ip_protocol);
  request.AddBytes(INET_DIAG_REQ_BYTECODE, query.bytecode);
  return request;
}

DumpRequest FamilyRequest(const InetQuery& query, uint8_t family) {
  inet_diag_req_v2 body{};
  body.sdiag_family = family;
  body.sdiag_protocol = static_cast<uint8_t>(query.ip_protocol);
  body.idiag_ext = Extensions(query);
  body.idiag_states = query.states;
  DumpRequest request(SOCK_DIAG_BY_FAMILY, body);
  request.AddBytes(INET_DIAG_REQ_BYTECODE, query.bytecode);
  return request;
}

InetDecoder::InetDecoder(const InetQuery& query)
    : protocol_(ProtocolOf(query.ip_protocol).value_or(Protocol::kTcp)),
      inet_(query.inet),
      inet6_(query.inet6),
      needs_attributes_(AsksForTcpInfo(query) || query.ip_protocol == IPPROTO_RAW) {}

Decoder::Outcome InetDecoder::Decode(const Message& message, SocketRow* row) const {
  if (message.type != TCPDIAG_GETSOCK && message.type != SOCK_DIAG_BY_FAMILY) return Outcome::kMalformed;
  ByteCursor cursor(message.payload);
  const auto fixed = cursor.Read<inet_diag_msg>();
  if (!cursor.ok()) return Outcome::kMalformed;
  if (fixed.idiag_family != AF_INET && fixed.idiag_family != AF_INET6) return Outcome::kMalformed;
  if (!(fixed.idiag_family == AF_INET ? inet_ : inet6_)) return Outcome::kNotAsked;
  row->protocol = protocol_;
  CopyMessage(fixed, row);
  if (needs_attributes_ && !ReadAttributes(cursor.rest(), row)) return Outcome::kMalformed;
  return Outcome::kRow;
}

bool InetDecoder::ReadAttributes(std::span<const uint8_t> bytes, SocketRow* row) const {
  // A raw socket has no ports: /proc/net/raw shows its protocol number and 0.
  if (protocol_ == Protocol::kRaw) row->remote_port = 0;
  AttributeWalk walk(bytes);
  for (Attribute attribute; walk.Next(&attribute);) {
    const auto payload = attribute.payload;
    if (attribute.type == INET_DIAG_PROTOCOL && protocol_ == Protocol::kRaw && !payload.empty()) {
      row->local_port = payload[0];
    } else if (attribute.type == INET_DIAG_INFO && protocol_ == Protocol::kTcp) {
      const bool told = payload.size() > kTcpInfoProbes;
      if (told) row->retrans = payload[kTcpInfoRetransmits];
      row->probes = told ? payload[kTcpInfoProbes] : kAbsentProbes;
    }
  }
  return !walk.malformed();
}

}  // namespace sockscope
