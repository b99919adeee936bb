#include "core/conntrack/conntrack_message.h"

#include <endian.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "core/byte_cursor.h"
#include "core/netlink/attributes.h"

namespace sockscope {

namespace {

static_assert(sizeof(nfgenmsg) == 4);
static_assert(IPS_SRC_NAT == 1 << 4 && IPS_DST_NAT == 1 << 5);
static_assert(CTA_SEQ_ADJ_ORIG == 15 && CTA_ZONE == 18 && CTA_TUPLE_ZONE == 3 && CTA_PROTO_ICMPV6_CODE == 9);

// A number of network order, as attributes here have them; *ok becomes false where it is too short.
template <typename T>
T Number(const Attribute& attribute, bool* ok) {
  ByteCursor cursor(attribute.payload);
  const T value = cursor.Read<T>();
  *ok = *ok && cursor.ok();
  if constexpr (sizeof(T) == 8) return be64toh(value);
  else if constexpr (sizeof(T) == 4) return be32toh(value);
  else if constexpr (sizeof(T) == 2) return be16toh(value);
  else return value;
}

// Hands the attributes in `bytes` to `take`, and says whether they could be followed.
template <typename Take>
bool EachAttribute(std::span<const uint8_t> bytes, Take take) {
  AttributeWalk walk(bytes);
  for (Attribute attribute; walk.Next(&attribute);) take(attribute);
  return !walk.malformed();
}

// One direction of a connection.
struct Tuple {
  Address16 source{};
  Address16 destination{};
  int family = AF_UNSPEC;
  std::optional<uint8_t> protocol;
  std::optional<uint16_t> source_port, destination_port;
  std::optional<uint16_t> icmp_id;
  uint8_t icmp_type = 0, icmp_code = 0;
  bool has_source = false, has_destination = false;

  bool whole() const { return has_source && has_destination && protocol.has_value(); }
};

enum class End { kSource, kDestination };

bool ReadAddress(const Attribute& attribute, int family, End end, Tuple* tuple) {
  const size_t length = family == AF_INET ? 4 : 16;
  if (attribute.payload.size() < length) return false;
  if (tuple->family != AF_UNSPEC && tuple->family != family) return false;
  Address16* const address = end == End::kSource ? &tuple->source : &tuple->destination;
  if (family == AF_INET) std::fill_n(address->begin() + 10, 2, uint8_t{0xff});
  std::copy_n(attribute.payload.begin(), length, address->end() - length);
  tuple->family = family;
  (end == End::kSource ? tuple->has_source : tuple->has_destination) = true;
  return true;
}

bool ReadAddresses(std::span<const uint8_t> bytes, Tuple* tuple) {
  bool ok = true;
  const bool followed = EachAttribute(bytes, [&](const Attribute& attribute) {
    switch (attribute.type) {
      case CTA_IP_V4_SRC: ok = ok && ReadAddress(attribute, AF_INET, End::kSource, tuple); break;
      case CTA_IP_V4_DST: ok = ok && ReadAddress(attribute, AF_INET, End::kDestination, tuple); break;
      case CTA_IP_V6_SRC: ok = ok && ReadAddress(attribute, AF_INET6, End::kSource, tuple); break;
      case CTA_IP_V6_DST: ok = ok && ReadAddress(attribute, AF_INET6, End::kDestination, tuple); break;
    }
  });
  return followed && ok;
}

bool ReadProtocol(std::span<const uint8_t> bytes, Tuple* tuple) {
  bool ok = true;
  const bool followed = EachAttribute(bytes, [&](const Attribute& attribute) {
    switch (attribute.type) {
      case CTA_PROTO_NUM: tuple->protocol = Number<uint8_t>(attribute, &ok); break;
      case CTA_PROTO_SRC_PORT: tuple->source_port = Number<uint16_t>(attribute, &ok); break;
      case CTA_PROTO_DST_PORT: tuple->destination_port = Number<uint16_t>(attribute, &ok); break;
      case CTA_PROTO_ICMP_ID:
      case CTA_PROTO_ICMPV6_ID: tuple->icmp_id = Number<uint16_t>(attribute, &ok); break;
      case CTA_PROTO_ICMP_TYPE:
      case CTA_PROTO_ICMPV6_TYPE: tuple->icmp_type = Number<uint8_t>(attribute, &ok); break;
      case CTA_PROTO_ICMP_CODE:
      case CTA_PROTO_ICMPV6_CODE: tuple->icmp_code = Number<uint8_t>(attribute, &ok); break;
    }
  });
  return followed && ok;
}

// *zone is that of the whole connection, or of the one direction that has it.
bool ReadTuple(std::span<const uint8_t> bytes, Tuple* tuple, uint16_t* zone) {
  bool ok = true;
  const bool followed = EachAttribute(bytes, [&](const Attribute& attribute) {
    switch (attribute.type) {
      case CTA_TUPLE_IP: ok = ok && ReadAddresses(attribute.payload, tuple); break;
      case CTA_TUPLE_PROTO: ok = ok && ReadProtocol(attribute.payload, tuple); break;
      case CTA_TUPLE_ZONE: *zone = Number<uint16_t>(attribute, &ok); break;
    }
  });
  return followed && ok;
}

bool ReadTcpState(std::span<const uint8_t> bytes, NatRecord* record) {
  bool ok = true;
  const bool followed = EachAttribute(bytes, [&](const Attribute& info) {
    if (info.type != CTA_PROTOINFO_TCP) return;
    ok = EachAttribute(info.payload, [&](const Attribute& attribute) {
      if (attribute.type != CTA_PROTOINFO_TCP_STATE) return;
      record->tcp_state = Number<uint8_t>(attribute, &ok);
      record->told |= kToldTcpState;
    }) && ok;
  });
  return followed && ok;
}

bool ReadCounters(std::span<const uint8_t> bytes, uint64_t* packets, uint64_t* octets) {
  bool ok = true;
  const bool followed = EachAttribute(bytes, [&](const Attribute& attribute) {
    if (attribute.type == CTA_COUNTERS_PACKETS) *packets = Number<uint64_t>(attribute, &ok);
    if (attribute.type == CTA_COUNTERS_BYTES) *octets = Number<uint64_t>(attribute, &ok);
  });
  return followed && ok;
}

bool ReadSequence(std::span<const uint8_t> bytes, NatRecord* record) {
  bool ok = true;
  const bool followed = EachAttribute(bytes, [&](const Attribute& attribute) {
    switch (attribute.type) {
      case CTA_SEQADJ_CORRECTION_POS: record->sequence_position = Number<uint32_t>(attribute, &ok); break;
      case CTA_SEQADJ_OFFSET_BEFORE: record->offset_before = int32_t(Number<uint32_t>(attribute, &ok)); break;
      case CTA_SEQADJ_OFFSET_AFTER: record->offset_after = int32_t(Number<uint32_t>(attribute, &ok)); break;
    }
  });
  return followed && ok;
}

// The places of an ICMP query's numbers are those of ports: see NatRecord.
void SetTuples(const Tuple& sent, const Tuple& reply, NatRecord* record) {
  record->family = uint8_t(sent.family);
  record->protocol = *sent.protocol;
  record->source = sent.source;
  record->destination = sent.destination;
  record->reply_source = reply.source;
  record->reply_destination = reply.destination;
  if (sent.icmp_id.has_value()) {
    record->told |= kToldIcmp;
    record->source_port = *sent.icmp_id;
    record->destination_port = uint16_t(sent.icmp_type << 8 | sent.icmp_code);
    record->reply_source_port = uint16_t(reply.icmp_type << 8 | reply.icmp_code);
    record->reply_destination_port = reply.icmp_id.value_or(*sent.icmp_id);
  } else if (sent.source_port.has_value() && sent.destination_port.has_value()) {
    record->told |= kToldPorts;
    record->source_port = *sent.source_port;
    record->destination_port = *sent.destination_port;
    record->reply_source_port = reply.source_port.value_or(0);
    record->reply_destination_port = reply.destination_port.value_or(0);
  }
}

uint8_t NatOf(const NatRecord& record, std::optional<uint32_t> status) {
  if (status.has_value()) {
    const uint8_t source = (*status & IPS_SRC_NAT) != 0 ? kSourceNat : 0;
    const uint8_t destination = (*status & IPS_DST_NAT) != 0 ? kDestinationNat : 0;
    return source | destination;
  }
  // Translated is what the replies do not mirror. Of ICMP the types differ by nature.
  const bool source = record.reply_destination != record.source || record.reply_destination_port != record.source_port;
  const bool ports = (record.told & kToldPorts) != 0 && record.reply_source_port != record.destination_port;
  const bool destination = record.reply_source != record.destination || ports;
  return uint8_t((source ? kSourceNat : 0) | (destination ? kDestinationNat : 0));
}

}  // namespace

DumpRequest ConntrackRequest() {
  const nfgenmsg everything{.nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0, .res_id = 0};
  return DumpRequest(NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, everything);
}

std::optional<Connection> DecodeConnection(std::span<const uint8_t> payload) {
  ByteCursor cursor(payload);
  cursor.Skip(sizeof(nfgenmsg));
  Connection connection{};
  NatRecord& record = connection.record;
  Tuple sent, reply;
  std::optional<uint32_t> status;
  bool ok = cursor.ok();
  const bool followed = EachAttribute(cursor.rest(), [&](const Attribute& attribute) {
    const auto& bytes = attribute.payload;
    switch (attribute.type) {
      case CTA_TUPLE_ORIG: ok = ok && ReadTuple(bytes, &sent, &record.zone); break;
      case CTA_TUPLE_REPLY: ok = ok && ReadTuple(bytes, &reply, &record.zone); break;
      case CTA_STATUS: status = Number<uint32_t>(attribute, &ok); break;
      case CTA_PROTOINFO: ok = ok && ReadTcpState(bytes, &record); break;
      case CTA_TIMEOUT:
        record.expires = Number<uint32_t>(attribute, &ok);
        record.told |= kToldExpires;
        break;
      case CTA_MARK: record.mark = Number<uint32_t>(attribute, &ok); break;
      case CTA_COUNTERS_ORIG:
        ok = ok && ReadCounters(bytes, &record.sent_packets, &record.sent_bytes);
        record.told |= kToldSentCounters;
        break;
      case CTA_COUNTERS_REPLY:
        ok = ok && ReadCounters(bytes, &record.reply_packets, &record.reply_bytes);
        record.told |= kToldReplyCounters;
        break;
      case CTA_ID: connection.id = Number<uint32_t>(attribute, &ok); break;
      case CTA_SEQ_ADJ_ORIG:
        ok = ok && ReadSequence(bytes, &record);
        record.told |= kToldSequence;
        break;
      case CTA_ZONE: record.zone = Number<uint16_t>(attribute, &ok); break;
    }
  });
  if (!followed || !ok || !sent.whole() || !reply.whole() || sent.family != reply.family) return std::nullopt;
  SetTuples(sent, reply, &record);
  record.nat = NatOf(record, status);
  return connection;
}

}  // namespace sockscope
