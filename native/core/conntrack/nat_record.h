#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace sockscope {

using Address16 = std::array<uint8_t, 16>;   // IPv4 as ::ffff:a.b.c.d

// What NatRecord::told has bits for: fields that a connection may lack.
enum NatTold : uint16_t {
  kToldPorts = 1 << 0,           // the ports are ports, or keys of GRE
  kToldIcmp = 1 << 1,            // the ports are those of an ICMP query, see below
  kToldExpires = 1 << 2,
  kToldTcpState = 1 << 3,
  kToldSentCounters = 1 << 4,
  kToldReplyCounters = 1 << 5,
  kToldSequence = 1 << 6,
};

// A connection under network address translation: its tuple as its first packet came in, and the one in which the
// replies come. Numbers in host order. src/kernel-tables/nat-record.ts says the same thing once more.
//
// An ICMP query has an identifier where others have the port of who asks, and type * 256 + code in the place of the
// other port, in either tuple.
struct NatRecord {
  Address16 source;
  Address16 destination;
  Address16 reply_source;
  Address16 reply_destination;
  uint64_t sent_packets;
  uint64_t sent_bytes;
  uint64_t reply_packets;
  uint64_t reply_bytes;
  uint32_t expires;              // seconds
  uint32_t mark;
  uint32_t sequence_position;    // from where on the offset is added to sequence numbers that are sent
  int32_t offset_before;
  int32_t offset_after;
  uint16_t source_port;
  uint16_t destination_port;
  uint16_t reply_source_port;
  uint16_t reply_destination_port;
  uint16_t zone;
  uint16_t told;                 // NatTold
  uint8_t family;
  uint8_t protocol;
  uint8_t tcp_state;             // enum tcp_conntrack
  uint8_t nat;                   // kSourceNat, kDestinationNat
  uint32_t reserved;
};

inline constexpr uint8_t kSourceNat = 1;
inline constexpr uint8_t kDestinationNat = 2;

static_assert(sizeof(NatRecord) == 136 && std::is_trivially_copyable_v<NatRecord>);
static_assert(offsetof(NatRecord, sent_packets) == 64 && offsetof(NatRecord, expires) == 96);
static_assert(offsetof(NatRecord, source_port) == 116 && offsetof(NatRecord, zone) == 124);
static_assert(offsetof(NatRecord, family) == 128 && offsetof(NatRecord, nat) == 131);

}  // namespace sockscope
